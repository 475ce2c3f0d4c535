using ChordAspire.Protocol;
using ChordAspire.Rpc.Seed;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Rpc;

/// <summary>A member of a <see cref="ScriptedRing"/> that speaks the seed's contract and no other.</summary>
internal sealed class ScriptedSeed : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedSeed(WebApplication app, ScriptedRing ring, ulong place)
    {
        _app = app;
        Ring = ring;
        Self = new PeerRef(Identifier.FromUInt64(ScriptedRing.Bits, place), new Uri(app.Urls.Single()).Authority);
    }

    public PeerRef Self { get; }

    /// <summary>Answers nothing until the caller gives up.</summary>
    public bool IsSilent { get; set; }

    private ScriptedRing Ring { get; }

    /// <summary>Joins the ring: its peers count on it from then on.</summary>
    public static async Task<ScriptedSeed> StartAsync(ScriptedRing ring, ulong place, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        ScriptedSeed? started = null;
        builder.Services.AddSingleton<Func<ScriptedSeed>>(_ => () => started!);
        builder.Services.AddGrpc();
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellationToken);
        started = new ScriptedSeed(app, ring, place);
        ring.Others.Add(started.Self);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private PeerRef OwnerOf(Identifier place)
    {
        PeerRef[] members = [.. Ring.Peers.Select(peer => peer.Self).Concat(Ring.Others).OrderBy(member => member.Id)];
        return members.FirstOrDefault(member => member.Id >= place) ?? members[0];
    }

    private static NodeInfo ToWire(PeerRef peer) => new() { Id = (int)peer.Id.ToUInt64(), Address = peer.Address };

    private sealed class Service(Func<ScriptedSeed> self) : ChordService.ChordServiceBase
    {
        public override async Task<NodeInfo> FindSuccessor(FindSuccessorRequest request, ServerCallContext context)
        {
            await BeginAsync(context);
            return ToWire(self().OwnerOf(Identifier.FromUInt64(ScriptedRing.Bits, (ulong)request.Id)));
        }

        public override async Task<NodeInfo> GetPredecessor(Empty request, ServerCallContext context)
        {
            await BeginAsync(context);
            ScriptedSeed seed = self();
            return ToWire(seed.Ring.Peers.Select(peer => peer.Self).Concat(seed.Ring.Others)
                .Where(other => other != seed.Self)
                .MinBy(other => other.Id.DistanceTo(seed.Self.Id))!);
        }

        public override async Task<FingerTableResponse> GetFingerTable(Empty request, ServerCallContext context)
        {
            await BeginAsync(context);
            ScriptedSeed seed = self();
            return new FingerTableResponse { Entries = { Enumerable.Range(0, ScriptedRing.Bits).Select(finger => ToWire(seed.OwnerOf(seed.Self.Id.FingerStart(finger)))) } };
        }

        private Task BeginAsync(ServerCallContext context) => self().IsSilent ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
    }
}
