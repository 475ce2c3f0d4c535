using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Observatory;

/// <summary>How a peer stands in the ring, as seen from outside.</summary>
public enum Standing
{
    Member,

    /// <summary>A member that no member on the ring leads to yet (Zave 2017).</summary>
    Appendage,

    Joining,
    Leaving,
    Left,

    /// <summary>It said nothing any more, without a goodbye.</summary>
    Dead,

    /// <summary>It speaks the seed's contract only; what is known of it its neighbours told.</summary>
    Seed,
}

/// <summary>One peer in a picture.</summary>
/// <param name="Share">Of the circle that it owns, from 0 to 1; 0 of one that is no part of the ring.</param>
/// <param name="Replicated">All that it owns is known to be at all its replicas; null where it does not say.</param>
/// <param name="ChangedAt">When its standing, neighbours or objects last changed.</param>
public sealed record PeerMark(
    PeerRef Self, Standing Standing, PeerRef? Predecessor, ImmutableArray<PeerRef> Successors, ImmutableArray<FingerRun> Fingers, long Objects, long Bytes, long Owned,
    bool? Replicated, double Share, string? Note, DateTimeOffset ChangedAt)
{
    /// <summary>From the top, clockwise, as a part of the whole circle, from 0 to 1.</summary>
    public double Fraction { get; } = CirclePlace.FractionOf(Self.Id);

    public bool IsInRing => Standing.IsInRing();

    public bool LooksLike(PeerMark other) => IsPlacedLike(other)
        && Share.Equals(other.Share) && Owned == other.Owned && Replicated == other.Replicated && Note == other.Note && Fingers.SequenceEqual(other.Fingers);

    /// <summary>Nothing that deserves attention is different.</summary>
    public bool IsPlacedLike(PeerMark other) =>
        Self == other.Self && Standing == other.Standing && Predecessor == other.Predecessor && Objects == other.Objects && Bytes == other.Bytes
        && Successors.SequenceEqual(other.Successors);
}

/// <summary>The ring at one moment.</summary>
/// <param name="Peers">In the order of their identifiers.</param>
/// <param name="Problems">What keeps the ring from being ideal, a sentence each: the first of them, where there are many.</param>
/// <param name="ProblemCount">How many there are.</param>
public sealed record RingPicture(DateTimeOffset Time, int Bits, ImmutableArray<PeerMark> Peers, bool IsValid, ImmutableArray<string> Problems, int ProblemCount)
{
    public static RingPicture Empty { get; } = new(DateTimeOffset.MinValue, Identifier.MaxBits, [], IsValid: false, [], ProblemCount: 0);

    public bool IsIdeal => IsValid && Problems.IsEmpty;

    public int Members { get; } = Peers.Count(peer => peer.IsInRing);

    /// <summary>Peers that own objects, of which copies may be missing.</summary>
    public int UnderReplicated { get; } = Peers.Count(peer => peer is { Replicated: false, Owned: > 0, IsInRing: true });

    public PeerMark? Find(PeerRef? peer) => peer is null ? null : Peers.FirstOrDefault(mark => mark.Self == peer);

    public string Verdict => Members == 0 ? "no ring found yet" : IsIdeal ? "ideal" : IsValid ? "valid, being repaired" : "broken, being repaired";
}
