namespace ChordAspire.Protocol;

/// <summary>What an observer wants to know: for logs, metrics and tests. Nothing in the protocol depends on it.</summary>
public abstract record ChordNotice
{
    private ChordNotice()
    {
    }

    /// <summary>Joined, with this predecessor; null when it started a ring.</summary>
    public sealed record BecameMember(PeerRef? Predecessor) : ChordNotice;

    /// <summary>The ring has more than r peers from here on: forming is over.</summary>
    public sealed record RingBecameReady : ChordNotice;

    /// <summary>The first successor changed; null: alone.</summary>
    public sealed record SuccessorChanged(PeerRef? Before, PeerRef? Now) : ChordNotice;

    public sealed record PredecessorChanged(PeerRef? Before, PeerRef? Now) : ChordNotice;

    /// <summary>A neighbour is silent and was dropped.</summary>
    public sealed record PeerDropped(PeerRef Peer) : ChordNotice;

    /// <summary>A stabilize round came to its end.</summary>
    public sealed record RoundDone : ChordNotice;

    /// <summary>A stabilize round was taken back because a neighbour read us in its middle.</summary>
    public sealed record RoundTakenBack : ChordNotice;

    /// <summary>A local monitor (Zave 2017: NoDuplicates, OrderedSuccessorLists) saw what must never be.</summary>
    public sealed record MonitorTripped(string Monitor, string Detail) : ChordNotice;

    public sealed record LeftRing : ChordNotice;
}
