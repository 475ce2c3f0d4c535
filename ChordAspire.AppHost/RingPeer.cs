namespace ChordAspire.AppHost;

/// <summary>A member of the ring as a resource: its name, and where it answers.</summary>
internal abstract record RingMember(IResource Resource, EndpointReference Grpc)
{
    public string Name => Resource.Name;

    /// <summary>Null before the application starts.</summary>
    public string? Address => Grpc.IsAllocated ? $"127.0.0.1:{Grpc.Port}" : null;

    /// <summary>The address, once the application has started.</summary>
    public async ValueTask<string> AddressAsync(CancellationToken cancellationToken) =>
        $"127.0.0.1:{await Grpc.Property(EndpointProperty.TargetPort).GetValueAsync(cancellationToken).ConfigureAwait(false)}";
}

/// <summary>A peer of ours. It has a page about itself.</summary>
internal sealed record RingPeer(IResource Resource, EndpointReference Grpc, EndpointReference Http) : RingMember(Resource, Grpc);

/// <summary>A guest. What is known of it while it runs, its neighbours among our peers tell.</summary>
internal sealed record RingGuest(IResource Resource, EndpointReference Grpc, string Id, bool IsSeedPeer) : RingMember(Resource, Grpc);

/// <summary>Who takes part in the ring.</summary>
internal sealed class RingRoster
{
    private readonly List<RingPeer> _peers = [];
    private readonly List<RingGuest> _guests = [];

    public IReadOnlyList<RingPeer> Peers => _peers;

    public IReadOnlyList<RingGuest> Guests => _guests;

    public IEnumerable<RingMember> Members => [.. _peers, .. _guests];

    public void Add(RingPeer peer) => _peers.Add(peer);

    public void Add(RingGuest guest) => _guests.Add(guest);

    /// <summary>The name of the member at this gRPC address, or the address itself when it is none of ours.</summary>
    public string NameOf(string address) => Members.FirstOrDefault(member => member.Address == address)?.Name ?? address;
}
