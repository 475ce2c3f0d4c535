namespace ChordAspire.Rpc;

/// <summary>A peer followed over time, for observers.</summary>
public sealed partial class ChordClient
{
    /// <summary>
    /// What the asked peer says of itself: now, and again after each change, without being asked again. When it falls silent that is said once, and the
    /// subscription is taken up again when it answers. Ends only when it is given up.
    /// </summary>
    /// <exception cref="RefusedException">The peer does not know the request (<see cref="Refusal.NotServed"/>): it speaks another contract.</exception>
    public IAsyncEnumerable<PeerNews> WatchAsync(CancellationToken cancellationToken) => new PeerSubscription(_ring, _name, TimeProvider.System).RunAsync(cancellationToken);

    /// <summary>The same, of the peer at an address.</summary>
    /// <param name="address"><c>host:port</c>.</param>
    /// <exception cref="RefusedException">The peer does not know the request (<see cref="Refusal.NotServed"/>): it speaks another contract.</exception>
    public IAsyncEnumerable<PeerNews> WatchAsync(string address, CancellationToken cancellationToken) =>
        new PeerSubscription(RingAt(address), address, TimeProvider.System).RunAsync(cancellationToken);
}
