using System.Collections.Immutable;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>
/// The ring as storage sees it: without the seed peers, which keep no copies. What lies on a seed peer's arc is owned among ours by the next peer that speaks
/// our contract, with copies as everything has them; the seed peer is given what its contract can carry (<see cref="SeedValues"/>).
/// </summary>
internal sealed class OwnRing(RingCaller caller, PeerLoop loop, PeerOptions options)
{
    private SeedStretch? _stretch;
    private Seen? _last;

    /// <summary>The seed peers right before this one, as last found; null when that was never found out.</summary>
    public SeedStretch? Stretch => Volatile.Read(ref _stretch);

    /// <summary>Whether this ring can have seed peers at all.</summary>
    public bool MayBeMixed => options.Ring.Bits <= SeedMapping.MaxBits;

    /// <summary>Only for the one who watches.</summary>
    public void Publish(SeedStretch stretch) => Volatile.Write(ref _stretch, stretch);

    /// <summary>This state of the ring without seed peers; the same object while nothing changes, and on a ring of ours always the state itself.</summary>
    public PeerState Without(PeerState ring)
    {
        if (!MayBeMixed)
            return ring;
        SeedStretch? stretch = Stretch;
        int kinds = caller.KindChanges;
        if (Volatile.Read(ref _last) is { } last && ReferenceEquals(last.Ring, ring) && ReferenceEquals(last.Stretch, stretch) && last.Kinds == kinds)
            return last.Own;
        PeerState own = Make(ring, stretch);
        Volatile.Write(ref _last, new Seen(ring, stretch, kinds, own));
        return own;
    }

    /// <summary>The seed peer that keeps what lies at this place, where this peer owns it among ours; null where there is none.</summary>
    /// <remarks>A seed peer that has just come keeps what lies behind it, also before it was looked for: what was not passed on to it nobody would find there.</remarks>
    public PeerRef? SeedAt(Identifier place)
    {
        if (!MayBeMixed || Stretch is not { } found)
            return null;
        SeedStretch? stretch = found;
        if (loop.State.Predecessor is { } predecessor)
            stretch = caller.IsSeed(predecessor) ? found.EndingAt(predecessor, options.Self) : null;
        return stretch?.KeeperOf(place, options.Self);
    }

    private PeerState Make(PeerState ring, SeedStretch? stretch)
    {
        bool behindSeed = ring.Predecessor is { } predecessor && caller.IsSeed(predecessor);
        ImmutableArray<PeerRef> ours = ring.Successors.Peers.RemoveAll(caller.IsSeed);
        if (!behindSeed && ours.Length == ring.Successors.Count)
            return ring;
        // Also for a seed peer that has come among them since they were last looked at: nothing moves among ours because of it.
        bool isKnown = behindSeed && stretch is not null && (stretch.Before is not { } end || ring.Predecessor!.Id.IsBetween(end.Id, options.Self.Id));
        PeerRef? before = !behindSeed ? ring.Predecessor : isKnown ? stretch!.Before : null;
        bool isAlone = isKnown && before is null && ours.IsEmpty;
        return ring with { Predecessor = before, Successors = isAlone ? SuccessorList.Alone : new SuccessorList(ours, spansRing: false) };
    }

    private sealed record Seen(PeerState Ring, SeedStretch? Stretch, int Kinds, PeerState Own);
}
