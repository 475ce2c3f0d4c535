using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChordAspire.Rpc;

/// <summary>One pooled HTTP/2 channel per address, kept as long as it is used.</summary>
/// <param name="connectTimeout">How long a connection may take to come up.</param>
public sealed class PeerChannels(TimeSpan connectTimeout) : IDisposable
{
    private const int MaxChannels = 1024;

    private readonly ConcurrentDictionary<string, Kept> _channels = new();
    private readonly ConcurrentQueue<GrpcChannel> _retired = new();
    private long _uses;

    public CallInvoker To(string address)
    {
        if (!_channels.TryGetValue(address, out Kept? kept))
        {
            if (_channels.Count >= MaxChannels)
                Trim();
            kept = _channels.GetOrAdd(address, static (address, timeout) => new Kept(Open(address, timeout)), connectTimeout);
        }
        kept.LastUse = Interlocked.Increment(ref _uses);
        return kept.Invoker;
    }

    public void Dispose()
    {
        foreach (Kept kept in _channels.Values)
            kept.Channel.Dispose();
        _channels.Clear();
        while (_retired.TryDequeue(out GrpcChannel? channel))
            channel.Dispose();
    }

    private static GrpcChannel Open(string address, TimeSpan connectTimeout) => GrpcChannel.ForAddress(PeerAddress.ToUri(address), new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = connectTimeout,
            // With a connector of our own every call may try to connect. Left to itself the channel would, after a failure, refuse calls for up
            // to two minutes without trying, and a peer that is back would go on looking dead.
            ConnectCallback = ConnectAsync,
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

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Retires the channels that were used least recently; one that is needed again is opened again. Addresses come from the network, and a
    /// flood of them must not cut calls to the neighbours short: a retired channel stays open until as many again have been retired.
    /// </summary>
    private void Trim()
    {
        foreach ((string address, _) in _channels.OrderBy(channel => channel.Value.LastUse).Take(MaxChannels / 8))
        {
            if (_channels.TryRemove(address, out Kept? kept))
                _retired.Enqueue(kept.Channel);
        }
        while (_retired.Count > MaxChannels && _retired.TryDequeue(out GrpcChannel? channel))
            channel.Dispose();
    }

    private sealed class Kept(GrpcChannel channel)
    {
        private long _lastUse;

        public GrpcChannel Channel => channel;

        public CallInvoker Invoker { get; } = channel.CreateCallInvoker();

        public long LastUse
        {
            get => Volatile.Read(ref _lastUse);
            set => Volatile.Write(ref _lastUse, value);
        }
    }
}
