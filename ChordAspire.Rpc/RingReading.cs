using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>A ring as its peers tell it, each asked once: no snapshot, so that a ring that changes meanwhile can look wrong for a moment.</summary>
public sealed class RingReading
{
    private readonly Dictionary<PeerRef, double> _shares = [];
    private readonly RingSnapshot _snapshot;

    internal RingReading(ChordParameters parameters, IEnumerable<PeerReading> peers)
    {
        Parameters = parameters;
        Peers = [.. peers.OrderBy(peer => peer.Self.Id).ThenBy(peer => peer.Self.Address, StringComparer.Ordinal)];
        _snapshot = new RingSnapshot(Peers.Where(peer => peer.Phase is not null).Select(ViewOf), parameters.SuccessorListLength);
        Problems = [.. SilentPeers().Concat(SharedIdentifiers()).Concat(_snapshot.Problems).Concat(_snapshot.ValidityProblems)];
        ReckonShares();
    }

    /// <summary>Of the asked peer.</summary>
    public ChordParameters Parameters { get; }

    /// <summary>All that were found, in the order of their identifiers, the silent ones among them.</summary>
    public ImmutableArray<PeerReading> Peers { get; }

    /// <summary>What keeps the ring from being ideal or valid, a sentence each, and which peers do not answer.</summary>
    public ImmutableArray<string> Problems { get; }

    /// <summary>Exactly one ring, in order, every appendage leading to it (Zave 2017).</summary>
    public bool IsValid => _snapshot.IsValid;

    /// <summary>Every predecessor, successor and successor list is right, and nobody is named that does not answer.</summary>
    public bool IsIdeal => _snapshot.IsIdeal && Problems.IsEmpty;

    /// <summary>How much of the circle a peer owns, from 0 to 1; null of one that is no member.</summary>
    public double? ShareOf(PeerReading peer) => _shares.TryGetValue(peer.Self, out double share) ? share : null;

    /// <summary>The members, in the order of their identifiers, one for each identifier.</summary>
    public IEnumerable<PeerReading> Members => Peers.Where(peer => peer.IsMember).DistinctBy(peer => peer.Self.Id);

    private void ReckonShares()
    {
        PeerReading[] members = [.. Members];
        for (int i = 0; i < members.Length; i++)
        {
            Identifier before = members[(i + members.Length - 1) % members.Length].Self.Id;
            _shares[members[i].Self] = members.Length == 1 ? 1 : ShareOfCircle(before.DistanceTo(members[i].Self.Id));
        }
    }

    /// <summary>A distance as a part of the whole circle, from 0 to 1.</summary>
    public static double ShareOfCircle(Identifier distance)
    {
        Span<byte> bytes = stackalloc byte[Identifier.ByteCount(Identifier.MaxBits)];
        distance.WriteBigEndian(bytes);
        double value = 0;
        foreach (byte digit in bytes[..Identifier.ByteCount(distance.Bits)])
            value = (value * 256) + digit;
        return value / Math.Pow(2, distance.Bits);
    }

    private IEnumerable<string> SilentPeers()
    {
        foreach (PeerReading silent in Peers.Where(peer => peer.Phase is null))
        {
            string[] namedBy = [.. Peers.Where(peer => peer.Predecessor == silent.Self || peer.Successors.Contains(silent.Self)).Select(peer => peer.Self.Id.ToBriefString())];
            yield return $"{silent.Self.Id.ToBriefString()} at {silent.Self.Address}, named by {string.Join(' ', namedBy)}: {silent.Silence}";
        }
    }

    private IEnumerable<string> SharedIdentifiers() => Peers
        .Where(peer => peer.IsMember)
        .GroupBy(peer => peer.Self.Id)
        .Where(sharing => sharing.Count() > 1)
        .Select(sharing => $"{sharing.Key.ToBriefString()} is the identifier of {string.Join(" and ", sharing.Select(peer => peer.Self.Address))}.");

    /// <summary>A peer that knows one successor only is judged by it: the rest of the list is what that one would have told.</summary>
    private PeerView ViewOf(PeerReading peer)
    {
        if (peer.Description is { } told)
            return told.View;
        SuccessorList successors = SuccessorList.Alone;
        if (!peer.Successors.IsEmpty && peer.Successors[0].Id != peer.Self.Id)
            successors = SuccessorList.Behind(peer.Self, peer.Successors[0], ListOf(peer.Successors[0], Parameters.SuccessorListLength), Parameters.SuccessorListLength, out _);
        return new PeerView(peer.Self, MemberPhase.Member, peer.Predecessor, successors);
    }

    private SuccessorList ListOf(PeerRef peer, int depth)
    {
        PeerReading? reading = Peers.FirstOrDefault(other => other.Self == peer);
        if (reading?.Description is { } told)
            return told.View.Successors;
        return reading is null || reading.Successors.IsEmpty || depth == 0
            ? new SuccessorList([], spansRing: false)
            : SuccessorList.Behind(peer, reading.Successors[0], ListOf(reading.Successors[0], depth - 1), Parameters.SuccessorListLength, out _);
    }
}
