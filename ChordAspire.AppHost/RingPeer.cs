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

    /// <summary>The name of the peer at this gRPC address, or the address itself when it is none of ours.</summary>
    public string NameOf(string address) =>
        _peers.FirstOrDefault(peer => peer.Grpc.IsAllocated && address == $"127.0.0.1:{peer.Grpc.Port}")?.Name ?? address;
}
