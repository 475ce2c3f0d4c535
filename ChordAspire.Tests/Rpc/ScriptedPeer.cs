using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Rpc;

/// <summary>Something at an address that speaks the peers' contract and answers as the test says.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedPeer(WebApplication app) => _app = app;

    public string Address => new Uri(_app.Urls.Single()).Authority;

    public PeerRef Reference => new(IdentifierCircle.PlaceOf("scripted", Script.Bits), Address);

    public static async Task<ScriptedPeer> StartAsync(Script script, CancellationToken cancellationToken, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(script);
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<RefusalInterceptor>());
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellationToken);
        return new ScriptedPeer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>What it answers; by default as a peer that knows nobody.</summary>
    internal sealed class Script
    {
        public const int Bits = 8;

        public Func<ServerCallContext, Task<RouteReply>> Route { get; init; } = static _ => Task.FromResult(new RouteReply { OwnsKey = true });

        public Func<ServerCallContext, Task<ReadNeighborsReply>> ReadNeighbors { get; init; } = static _ => Task.FromResult(new ReadNeighborsReply());

        public Func<ServerCallContext, Task<PingReply>> Ping { get; init; } = static _ => Task.FromResult(new PingReply());

        public Func<ServerCallContext, Task<IntroduceReply>> Introduce { get; init; } = static _ => Task.FromResult(new IntroduceReply());
    }

    private sealed class Service(Script script) : PeerService.PeerServiceBase
    {
        public override Task<RouteReply> Route(RouteRequest request, ServerCallContext context) => script.Route(context);

        public override Task<ReadNeighborsReply> ReadNeighbors(ReadNeighborsRequest request, ServerCallContext context) =>
            script.ReadNeighbors(context);

        public override Task<PingReply> Ping(PingRequest request, ServerCallContext context) => script.Ping(context);

        public override Task<IntroduceReply> Introduce(IntroduceRequest request, ServerCallContext context) => script.Introduce(context);
    }
}
