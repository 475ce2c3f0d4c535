namespace ChordAspire.Rpc;

/// <summary>The channels of clients to the owners of keys, opened when the first is needed.</summary>
internal sealed class ClientChannels : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private PeerChannels? _channels;
    private bool _disposed;

    /// <exception cref="ObjectDisposedException">They are closed.</exception>
    public PeerChannels Open
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(ChordClient));
                return _channels ??= new PeerChannels(ConnectTimeout);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _channels?.Dispose();
        }
    }
}
