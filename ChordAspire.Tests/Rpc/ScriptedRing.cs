using System.Collections.Concurrent;
using System.Security.Cryptography;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChordAspire.Tests.Rpc;

/// <summary>A ring of peers in this process that serve clients and fail as the test says. All of them hold all objects.</summary>
internal sealed class ScriptedRing : IAsyncDisposable
{
    public const int Bits = 8;

    private readonly List<GrpcChannel> _channels = [];
    private long _stamp = 1_800_000_000_000;

    public List<ScriptedObjects> Peers { get; } = [];

    public ConcurrentDictionary<string, StoredContent> Objects { get; } = new();

    /// <summary>Members that are played by somebody else.</summary>
    public List<PeerRef> Others { get; } = [];

    /// <summary>Told instead of the owner, as often as there are some.</summary>
    public ConcurrentQueue<ScriptedObjects> WrongOwners { get; } = new();

    public int Lookups;

    public static async Task<ScriptedRing> StartAsync(CancellationToken cancellationToken, params ulong[] places)
    {
        var ring = new ScriptedRing();
        foreach (ulong place in places)
            ring.Peers.Add(await ScriptedObjects.StartAsync(ring, Identifier.FromUInt64(Bits, place), cancellationToken));
        return ring;
    }

    public ChordClient ClientOf(int peer)
    {
        var channel = GrpcChannel.ForAddress($"http://{Peers[peer].Address}");
        _channels.Add(channel);
        return new ChordClient(channel.CreateCallInvoker());
    }

    public ScriptedObjects OwnerOf(string key)
    {
        Identifier place = IdentifierCircle.PlaceOf(key, Bits);
        ScriptedObjects[] alive = [.. Peers.Where(peer => !peer.IsDead)];
        return alive.FirstOrDefault(peer => place <= peer.Self.Id) ?? alive[0];
    }

    /// <summary>A key that this peer owns while all are alive.</summary>
    public string KeyOf(int peer, string prefix = "key")
    {
        for (int i = 0; ; i++)
        {
            string key = $"{prefix}-{i}";
            if (OwnerOf(key) == Peers[peer])
                return key;
        }
    }

    public StoredContent Store(string key, byte[] content) =>
        Objects[key] = new StoredContent(content, new ObjectVersion(Interlocked.Increment(ref _stamp), Deleted: false, ContentHash.FromBytes(SHA256.HashData(content))));

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcChannel channel in _channels)
            channel.Dispose();
        foreach (ScriptedObjects peer in Peers)
            await peer.DisposeAsync();
    }

    public static RpcException Refuse(Refusal reason, string detail = "said the test") =>
        new(new Status(StatusCode.FailedPrecondition, detail), new Metadata { { RefusalInterceptor.Trailer, reason.ToString() } });
}

internal sealed record StoredContent(byte[] Content, ObjectVersion Version);
