namespace ChordAspire.AppHost;

/// <summary>A peer of the ring as a resource: its name, and where it answers.</summary>
internal sealed record RingPeer(IResource Resource, EndpointReference Grpc, EndpointReference Http)
{
    public string Name => Resource.Name;
}

/// <summary>The peers of the application, and what is known of them while they run.</summary>
internal sealed class RingRoster
{
    private readonly List<RingPeer> _peers = [];

    public IReadOnlyList<RingPeer> Peers => _peers;

    public void Add(RingPeer peer) => _peers.Add(peer);
}
