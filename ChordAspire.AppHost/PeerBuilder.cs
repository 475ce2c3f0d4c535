namespace ChordAspire.AppHost;

/// <summary>Says how a peer takes part, in the words of the diagram that the AppHost is.</summary>
internal sealed class PeerBuilder(RingPeer peer, Action<RingMember> joinVia, Action startLater)
{
    public RingPeer Peer { get; } = peer;

    /// <summary>It joins through this member, or through any peer that is in the ring already. Through itself: it starts the ring.</summary>
    public PeerBuilder JoinsVia(RingMember other)
    {
        joinVia(other);
        return this;
    }

    /// <summary>It starts only when somebody says so.</summary>
    public PeerBuilder StartsLater()
    {
        startLater();
        return this;
    }
}
