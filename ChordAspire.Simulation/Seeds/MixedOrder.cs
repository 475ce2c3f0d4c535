using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Whether a mixed ring is ordered: every pointer names the next peer alive, ours and those of the seed peers that can be helped.</summary>
/// <remarks>
/// A bad seed peer may stand between two others or not, under any identifier it likes, and may hide from the one before it who stands next to it. A seed peer counts as there when it serves calls, and one of the ring
/// knows of it or it knows of one and still looks after its pointers; one that nobody knows and that has given up knows no way in, and nobody a way to it.
/// </remarks>
internal sealed class MixedOrder(SimulatedRing ring)
{
    /// <summary>Everybody alive and in the ring, in the order of identifiers, but for bad seed peers.</summary>
    public SimulatedPeer[] Members { get; private set; } = [];

    /// <summary>Seed peers that serve calls and are not in the ring.</summary>
    public int Stranded { get; private set; }

    /// <summary>Whether somebody next to a bad seed peer is hidden by it.</summary>
    public bool IsAnyHidden { get; private set; }

    /// <summary>Takes stock of who is in the ring.</summary>
    public void Look()
    {
        List<SimulatedPeer> members = [.. ring.Peers.Where(peer => peer.IsLiveMember)];
        HashSet<int> named = [.. members.SelectMany(peer => peer.State.Successors.Peers.Append(peer.State.Predecessor ?? peer.Self)).Select(HostNames.HostOf)];
        List<SimulatedPeer> outside = [.. ring.Peers.Where(peer => peer is { IsAlive: true, Seed: { IsListening: true, IsStuck: false, Flaw: SeedFlaw.None } })];
        while (outside.Find(peer => named.Contains(peer.Host) || (peer.Seed!.IsMaintaining && members.Exists(member => member.Self == peer.Seed.Successor))) is { } found)
        {
            outside.Remove(found);
            members.Add(found);
            named.Add(HostNames.HostOf(found.Seed!.Successor));
        }
        Stranded = outside.Count;
        Members = [.. members.OrderBy(peer => peer.Self.Id)];
    }

    /// <summary>The first pointer that is wrong, in words; null when the ring is ordered.</summary>
    public string? FirstFault()
    {
        Look();
        IsAnyHidden = false;
        for (int i = 0; i < Members.Length; i++)
        {
            SimulatedPeer before = Members[(i + Members.Length - 1) % Members.Length];
            PeerRef after = Members[(i + 1) % Members.Length].Self;
            if ((Members[i].Seed is null ? FaultOfOurs(Members[i], before, after) : FaultOfSeed(Members[i], after)) is { } fault)
                return fault;
        }
        return null;
    }

    /// <summary>The first member at or after the key.</summary>
    public PeerRef? OwnerOf(Identifier key) => Members.Select(peer => peer.Self).MinBy(peer => key.DistanceTo(peer.Id));

    /// <summary>Whether a bad seed peer answers there, under whatever name.</summary>
    public bool IsBad(PeerRef peer) => ring.Peers[HostNames.HostOf(peer)] is { IsAlive: true, Seed: { Flaw: not SeedFlaw.None } };

    /// <summary>Whether a bad seed peer stands on the way from one to the other, or is that one.</summary>
    private bool HasBadBetween(Identifier from, Identifier to) =>
        ring.Peers.Any(peer => peer is { IsAlive: true, Seed: { Flaw: not SeedFlaw.None } } && (peer.Self.Id == to || peer.Self.Id.IsBetween(from, to)));

    private bool IsHiding(PeerRef from, PeerRef to)
    {
        bool isHiding = HasBadBetween(from.Id, to.Id);
        IsAnyHidden |= isHiding;
        return isHiding;
    }

    private PeerRef FirstBehind(SimulatedPeer peer) => peer.Seed?.Successor ?? peer.State.Successors.Peers.FirstOrDefault(entry => !IsBad(entry)) ?? peer.Self;

    private string? FaultOfOurs(SimulatedPeer peer, SimulatedPeer before, PeerRef after)
    {
        PeerState state = peer.State;
        PeerRef first = FirstBehind(peer);
        if (first != after && !IsHiding(peer.Self, first))
            return $"{peer} has {state.Successors} behind it, not {after} first.";
        PeerRef predecessor = state.Predecessor ?? peer.Self;
        bool isRight = predecessor == before.Self
            || (IsBad(predecessor) && predecessor.Id.IsBetween(before.Self.Id, peer.Self.Id))
            || IsHiding(predecessor, peer.Self)
            // Hidden from the one before it, it is not told of that one.
            || IsHiding(before.Self, FirstBehind(before));
        return isRight ? null : $"{peer} has {predecessor} before it, not {before.Self}.";
    }

    private string? FaultOfSeed(SimulatedPeer peer, PeerRef after)
    {
        PeerRef successor = peer.Seed!.Successor;
        bool isRight = successor == after || (IsBad(successor) && successor.Id.IsBetween(peer.Self.Id, after.Id)) || IsHiding(peer.Self, successor);
        return isRight ? null : $"{peer} has {successor} behind it, not {after}.";
    }
}
