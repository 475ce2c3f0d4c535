using System.Collections.Concurrent;
using System.Security.Cryptography;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Rpc;

/// <summary>A peer of a <see cref="ScriptedRing"/>.</summary>
internal sealed partial class ScriptedObjects : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedObjects(WebApplication app, ScriptedRing ring, Identifier id)
    {
        _app = app;
        Ring = ring;
        Self = new PeerRef(id, new Uri(app.Urls.Single()).Authority);
    }

    public ScriptedRing Ring { get; }

    public PeerRef Self { get; }

    public string Address => Self.Address;

    /// <summary>Every call breaks from now on.</summary>
    public bool IsDead { get; set; }

    /// <summary>Stays when it is told to leave.</summary>
    public bool IsUndying { get; set; }

    /// <summary>Calls that came, by name.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Before a call is served: can refuse, wait or break it.</summary>
    public Func<string, ServerCallContext, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Before a message of a stream, sent or received, counted from 0.</summary>
    public Func<int, ServerCallContext, Task> BeforePart { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>What is served instead of the content.</summary>
    public Func<byte[], byte[]> Garble { get; set; } = static content => content;

    /// <summary>Changes what it says of itself.</summary>
    public Action<Wire.DescribeReply> Describing { get; set; } = static _ => { };

    /// <summary>What it answers to a lookup, instead of the right owner without a way there.</summary>
    public Func<Wire.LookupRequest, Wire.LookupReply>? Looking { get; set; }

    /// <summary>Objects in one message of a listing.</summary>
    public int ListedAtOnce { get; set; } = 2;

    /// <summary>Lists in the wrong order.</summary>
    public bool IsBackwards { get; set; }

    public static async Task<ScriptedObjects> StartAsync(ScriptedRing ring, Identifier id, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        ScriptedObjects? started = null;
        builder.Services.AddSingleton<Func<ScriptedObjects>>(_ => () => started!);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = RingLimits.MaxMessageBytes);
        WebApplication app = builder.Build();
        app.MapGrpcService<RingCalls>();
        app.MapGrpcService<ObjectCalls>();
        await app.StartAsync(cancellationToken);
        return started = new ScriptedObjects(app, ring, id);
    }

    public async ValueTask DisposeAsync()
    {
        // Calls that are kept waiting by a script are not waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    /// <summary>The process is gone, in the middle of this call.</summary>
    public void Die(ServerCallContext context)
    {
        IsDead = true;
        Break(context);
    }

    /// <summary>The connection is gone for this call.</summary>
    public static void Break(ServerCallContext context) => context.GetHttpContext().Abort();

    /// <summary>No answer, until the caller gives up.</summary>
    public static Task StaySilentAsync(ServerCallContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);

    private async Task BeginAsync(string method, ServerCallContext context)
    {
        Calls.Enqueue(method);
        if (IsDead)
        {
            Break(context);
            throw new RpcException(Status.DefaultCancelled);
        }
        await Before(method, context);
    }

    private static Task NextPartAsync(ScriptedObjects peer, int part, ServerCallContext context)
    {
        if (peer.IsDead)
            peer.Die(context);
        context.CancellationToken.ThrowIfCancellationRequested();
        return peer.BeforePart(part, context);
    }

    private void CheckOwner(string key)
    {
        if (Ring.OwnerOf(key) != this)
            throw ScriptedRing.Refuse(Refusal.NotOwner, $"{Address} does not own '{key}'.");
    }

    private sealed class ObjectCalls(Func<ScriptedObjects> self) : Wire.ObjectService.ObjectServiceBase
    {
        public override async Task<Wire.PutReply> Put(Wire.PutRequest request, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("Put", context);
            peer.CheckOwner(request.Key);
            return Stored(peer, request.Key, request.Content.ToByteArray(), request.Hash);
        }

        public override async Task<Wire.PutReply> PutStream(IAsyncStreamReader<Wire.PutPart> parts, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("PutStream", context);
            string? key = null;
            var content = new MemoryStream();
            for (int part = 0; await parts.MoveNext(context.CancellationToken); part++)
            {
                await NextPartAsync(peer, part, context);
                switch (parts.Current.PartCase)
                {
                    case Wire.PutPart.PartOneofCase.Header:
                        peer.CheckOwner(key = parts.Current.Header.Key);
                        break;
                    case Wire.PutPart.PartOneofCase.Chunk:
                        Assert.InRange(parts.Current.Chunk.Length, 1, RingLimits.MaxChunkBytes);
                        parts.Current.Chunk.WriteTo(content);
                        break;
                    default:
                        Assert.Equal(content.Length, parts.Current.End.Size);
                        return Stored(peer, key!, content.ToArray(), parts.Current.End.Hash);
                }
            }
            throw ScriptedRing.Refuse(Refusal.Corrupted, "no end came");
        }

        public override async Task Get(Wire.GetObjectRequest request, IServerStreamWriter<Wire.ObjectPart> parts, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("Get", context);
            peer.CheckOwner(request.Key);
            var header = new Wire.ObjectHeader { Key = request.Key, Owner = WireMapping.ToWire(peer.Self) };
            if (!peer.Ring.Objects.TryGetValue(request.Key, out StoredContent? stored))
            {
                await parts.WriteAsync(new Wire.ObjectPart { Header = header });
                return;
            }
            if (request.Only is { } only && ObjectMapping.VersionFromWire(only, "only") != stored.Version)
                throw ScriptedRing.Refuse(Refusal.Changed, "it is another now");
            if (request.Offset > stored.Content.Length)
                throw ScriptedRing.Refuse(Refusal.InvalidRequest, "behind the end");
            (header.Version, header.Size) = (ObjectMapping.ToWire(stored.Version), stored.Content.Length);
            await parts.WriteAsync(new Wire.ObjectPart { Header = header });
            byte[] range = [.. peer.Garble(stored.Content).Skip((int)request.Offset).Take(request.Length == 0 ? int.MaxValue : (int)request.Length)];
            int part = 0;
            foreach (byte[] chunk in range.Chunk(RingLimits.ChunkBytes))
            {
                await NextPartAsync(peer, part++, context);
                await parts.WriteAsync(new Wire.ObjectPart { Chunk = ByteString.CopyFrom(chunk) });
            }
        }

        public override async Task<Wire.DeleteReply> Delete(Wire.DeleteRequest request, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("Delete", context);
            peer.CheckOwner(request.Key);
            bool found = peer.Ring.Objects.TryRemove(request.Key, out _);
            return new Wire.DeleteReply { Found = found, Version = ObjectMapping.ToWire(ObjectVersion.Tombstone(5)), Owner = WireMapping.ToWire(peer.Self), Copies = 3 };
        }

        public override async Task<Wire.StatReply> Stat(Wire.StatRequest request, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("Stat", context);
            peer.CheckOwner(request.Key);
            var reply = new Wire.StatReply { Owner = WireMapping.ToWire(peer.Self), Replicated = true };
            WireMapping.AddTo(reply.Replicas, [.. peer.Ring.Peers.Where(other => other != peer).Select(other => other.Self)]);
            if (peer.Ring.Objects.TryGetValue(request.Key, out StoredContent? stored))
                (reply.Version, reply.Size) = (ObjectMapping.ToWire(stored.Version), stored.Content.Length);
            return reply;
        }

        public override async Task List(Wire.ListRequest request, IServerStreamWriter<Wire.ListPart> parts, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("List", context);
            var arc = new Arc(WireMapping.IdFromWire(request.ArcFrom, ScriptedRing.Bits, "arc_from"), WireMapping.IdFromWire(request.ArcTo, ScriptedRing.Bits, "arc_to"));
            IEnumerable<Wire.ListedObject> listed = peer.Ring.Objects
                .Where(entry => arc.Contains(IdentifierCircle.PlaceOf(entry.Key, ScriptedRing.Bits)))
                .Where(entry => entry.Key.StartsWith(request.Prefix, StringComparison.Ordinal) && string.CompareOrdinal(entry.Key, request.After) > 0)
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new Wire.ListedObject { Key = entry.Key, Version = ObjectMapping.ToWire(entry.Value.Version), Size = entry.Value.Content.Length });
            int part = 0;
            foreach (Wire.ListedObject[] some in (peer.IsBackwards ? listed.Reverse() : listed).Chunk(peer.ListedAtOnce))
            {
                await NextPartAsync(peer, part++, context);
                await parts.WriteAsync(new Wire.ListPart { Objects = { some } });
            }
        }

        private static Wire.PutReply Stored(ScriptedObjects peer, string key, byte[] content, ByteString hash)
        {
            if (!SHA256.HashData(content).AsSpan().SequenceEqual(hash.Span))
                throw ScriptedRing.Refuse(Refusal.Corrupted, "another SHA-256");
            StoredContent stored = peer.Ring.Store(key, content);
            return new Wire.PutReply { Owner = WireMapping.ToWire(peer.Self), Version = ObjectMapping.ToWire(stored.Version), Copies = 3 };
        }
    }
}
