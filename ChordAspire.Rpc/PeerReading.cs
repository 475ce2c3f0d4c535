using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>Which contract a peer speaks.</summary>
public enum PeerKind
{
    /// <summary>Ours: ring.proto.</summary>
    Peer,

    /// <summary>That of the system this one grew out of alone: chord.proto. It tells its neighbours, and nothing of its objects.</summary>
    Seed,
}

/// <summary>What an observer heard from one peer, or that it heard nothing.</summary>
/// <param name="Self">Who it is; of a silent one, whom the others take it for.</param>
/// <param name="Phase">Null where it is silent.</param>
/// <param name="Predecessor">As it says itself.</param>
/// <param name="Successors">As it says itself; a peer of the kind <see cref="PeerKind.Seed"/> knows one.</param>
/// <param name="Description">All that it said; null where it is silent, or of the kind <see cref="PeerKind.Seed"/>.</param>
/// <param name="Silence">Why nothing was heard, for people; null where it answered.</param>
public sealed record PeerReading(
    PeerRef Self, PeerKind Kind, MemberPhase? Phase, PeerRef? Predecessor, ImmutableArray<PeerRef> Successors, PeerDescription? Description, string? Silence)
{
    /// <summary>Part of the ring: whoever looks up what lies before it is led to it.</summary>
    public bool IsMember => Phase is MemberPhase.Member or MemberPhase.Leaving;

    public static PeerReading Of(PeerDescription told) =>
        new(told.View.Self, PeerKind.Peer, told.View.Phase, told.View.Predecessor, told.View.Successors.Peers, told, Silence: null);

    internal static PeerReading OfSilent(PeerRef peer, string silence) => new(peer, PeerKind.Peer, Phase: null, Predecessor: null, [], Description: null, silence);
}
