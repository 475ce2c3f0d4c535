namespace ChordAspire.Protocol;

/// <summary>Everything that can happen to a peer: its timers, what others ask or tell, and the outcome of its own effects.</summary>
public abstract record ChordEvent
{
    private ChordEvent()
    {
    }

    /// <summary>Start a ring of one.</summary>
    public sealed record StartRing : ChordEvent;

    /// <summary>Join through this contact, which is a member.</summary>
    public sealed record JoinThrough(PeerRef Contact) : ChordEvent;

    /// <summary>Nobody else is left to join through: go on alone.</summary>
    public sealed record StandAlone : ChordEvent;

    public sealed record StabilizeDue : ChordEvent;

    public sealed record FixFingersDue : ChordEvent;

    /// <summary>Leave the ring in order.</summary>
    public sealed record LeaveRequested : ChordEvent;

    /// <summary>Everything owned has been handed over, or the time for it is up.</summary>
    public sealed record HandedOver : ChordEvent;

    /// <summary>A peer asks for our neighbours; the token goes back with the answer.</summary>
    public sealed record NeighborsAsked(long Token) : ChordEvent;

    /// <summary>Answer to <see cref="Effect.AskNeighbors"/>, with the number of the question.</summary>
    public sealed record NeighborsTold(PeerRef Peer, int Question, Neighbors Neighbors) : ChordEvent;

    /// <summary>The peer asked for its neighbours is silent, or not a member.</summary>
    public sealed record NeighborsNotTold(PeerRef Peer, int Question) : ChordEvent;

    /// <summary>"I may be your predecessor."</summary>
    public sealed record Notified(PeerRef Peer) : ChordEvent;

    /// <summary>Answer to <see cref="Effect.Ping"/>.</summary>
    public sealed record PingAnswered(PeerRef Peer) : ChordEvent;

    /// <summary>The peer pinged is silent, or not a member.</summary>
    public sealed record PingNotAnswered(PeerRef Peer) : ChordEvent;

    /// <summary>A lookup met this peer silent.</summary>
    public sealed record Suspected(PeerRef Peer) : ChordEvent;

    /// <summary>A neighbour says goodbye.</summary>
    public sealed record Departed(PeerRef Peer) : ChordEvent;

    /// <summary>Outcome of <see cref="Effect.LookUp"/>.</summary>
    public sealed record LookupEnded(LookupPurpose Purpose, LookupOutcome Outcome) : ChordEvent;
}

/// <summary>What a lookup of the protocol itself is for. <see cref="Finger"/> is the finger to fix; null when joining.</summary>
public readonly record struct LookupPurpose(int? Finger)
{
    public static LookupPurpose Join => default;

    public static LookupPurpose FixFinger(int finger) => new(finger);
}
