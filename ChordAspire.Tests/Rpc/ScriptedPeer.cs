using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Grpc.Core;

namespace ChordAspire.Tests.Rpc;

/// <summary>Something at an address that speaks the peers' contract and answers as the test says.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private ScriptedPeer(LoopbackServer server) => _server = server;

    public string Address => _server.Address;

    public PeerRef Reference => new(IdentifierCircle.PlaceOf("scripted", Script.Bits), Address);

    public static async Task<ScriptedPeer> StartAsync(Script script, CancellationToken cancellationToken, int port = 0) =>
        new(await LoopbackServer.StartAsync(new Service(script), cancellationToken, port, grpc => grpc.Interceptors.Add<RefusalInterceptor>()));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

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
