using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>What a lookup came to.</summary>
/// <param name="Key">The identifier looked up.</param>
/// <param name="Owner">The first living peer at or after the key; null when the lookup failed.</param>
/// <param name="Predecessor">
/// The peer before the key: who named the owner or, where nobody had to, whom the owner takes for its predecessor, which need not be alive.
/// Null when neither is known.
/// </param>
/// <param name="Path">The peers asked, in order, the asker not counted; the last one that answered is the owner, unless the asker owns the key.</param>
/// <param name="HopsToPredecessor">Peers asked that answered, up to the key's predecessor: the count of SIGCOMM 2001 §6.3 and its figure 10.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public sealed record LookupOutcome(
    Identifier Key,
    PeerRef? Owner,
    PeerRef? Predecessor,
    ImmutableArray<LookupHop> Path,
    int HopsToPredecessor,
    LookupFailure? Failure)
{
    /// <summary>All peers asked, whether they answered or not, the owner included.</summary>
    public int Hops => Path.Length;

    /// <summary>How many of the peers asked did not answer.</summary>
    public int Unanswered => Path.Count(hop => !hop.Answered);
}

/// <summary>One peer asked during a lookup.</summary>
public readonly record struct LookupHop(PeerRef Peer, bool Answered);

/// <summary>Why a lookup failed.</summary>
public enum LookupFailure
{
    /// <summary>Every peer that could lead on is silent.</summary>
    NoRoute,

    /// <summary>More peers were asked than the ceiling allows.</summary>
    TooManyHops,

    /// <summary>The deadline of the whole lookup passed.</summary>
    DeadlinePassed,
}
