using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>What a peer wants done by its driver. Each that has an outcome names the events it comes back as; exactly one of them must come.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Ask a peer for its neighbours: <see cref="ChordEvent.NeighborsTold"/> or <see cref="ChordEvent.NeighborsNotTold"/>.</summary>
    /// <param name="Question">Tells this question from earlier ones to the same peer; it goes back with the outcome.</param>
    public sealed record AskNeighbors(PeerRef Peer, int Question) : Effect;

    /// <summary>See whether a peer answers: <see cref="ChordEvent.PingAnswered"/> or <see cref="ChordEvent.PingNotAnswered"/>.</summary>
    public sealed record Ping(PeerRef Peer) : Effect;

    /// <summary>Tell a peer that we may be its predecessor. No outcome.</summary>
    public sealed record Notify(PeerRef Peer) : Effect;

    /// <summary>Answer <see cref="ChordEvent.NeighborsAsked"/>; null says that we are no member.</summary>
    public sealed record AnswerNeighbors(long Token, Neighbors? Neighbors) : Effect;

    /// <summary>Look up an identifier, from a contact where one is given and otherwise from our own state: <see cref="ChordEvent.LookupEnded"/>.</summary>
    public sealed record LookUp(Identifier Key, LookupPurpose Purpose, PeerRef? Contact) : Effect;

    /// <summary>The arc we own has shrunk: hand what lies outside it to its owner. No outcome.</summary>
    public sealed record HandOver(PeerRef To) : Effect;

    /// <summary>Hand over all we own, to whoever is successor when it is done: <see cref="ChordEvent.HandedOver"/>.</summary>
    public sealed record HandOverEverything : Effect;

    /// <summary>Say goodbye to a neighbour. No outcome.</summary>
    public sealed record TellDeparture(PeerRef Peer) : Effect;

    /// <summary>This try at joining failed; the driver tries again later, except where the reason is final.</summary>
    public sealed record JoinFailed(JoinFailure Reason, PeerRef? Peer) : Effect;

    /// <summary>Everybody it knew is silent: find the ring again through these or others when they answer, or <see cref="ChordEvent.StandAlone"/>.</summary>
    public sealed record SeekRing(ImmutableArray<PeerRef> Contacts) : Effect;

    /// <summary>Something an observer wants to know. No outcome.</summary>
    public sealed record Report(ChordNotice Notice) : Effect;
}

/// <summary>Why a try at joining failed.</summary>
public enum JoinFailure
{
    /// <summary>The lookup of our own place failed, or the predecessor it found was silent.</summary>
    NoAnswer,

    /// <summary>The ring moved while we were asking.</summary>
    PlaceMoved,

    /// <summary>The ring still counts our former self; it will be forgotten within a stabilize interval.</summary>
    StillRemembered,

    /// <summary>A living peer has our identifier. Final.</summary>
    IdentifierTaken,
}
