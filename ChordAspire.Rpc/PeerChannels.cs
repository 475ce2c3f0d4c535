using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChordAspire.Rpc;

/// <summary>One pooled HTTP/2 channel per address, kept as long as it is used.</summary>
/// <param name="connectTimeout">How long a connection may take to come up.</param>
public sealed class PeerChannels(TimeSpan connectTimeout) : IDisposable
{
    private const int MaxChannels = 1024;

    private readonly ConcurrentDictionary<string, GrpcChannel> _channels = new();

    public CallInvoker To(string address)
    {
        if (_channels.TryGetValue(address, out GrpcChannel? channel))
            return channel.CreateCallInvoker();
        if (_channels.Count >= MaxChannels)
            Trim();
        return _channels.GetOrAdd(address, Open).CreateCallInvoker();
    }

    public void Dispose()
    {
        foreach (GrpcChannel channel in _channels.Values)
            channel.Dispose();
        _channels.Clear();
    }

    private GrpcChannel Open(string address) => GrpcChannel.ForAddress(PeerAddress.ToUri(address), new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = connectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Trace context travels in the call's own metadata, for lookups only: see PeerCaller.
            ActivityHeadersPropagator = null,
        },
        DisposeHttpClient = true,
        // A peer that is down must be reported at once, not retried behind the failure detector's back.
        MaxRetryAttempts = 1,
    });

    /// <summary>Drops a few channels when there are too many; a dropped one that is needed again is opened again.</summary>
    private void Trim()
    {
        foreach (string address in _channels.Keys.Take(MaxChannels / 8))
        {
            if (_channels.TryRemove(address, out GrpcChannel? channel))
                channel.Dispose();
        }
    }
}
