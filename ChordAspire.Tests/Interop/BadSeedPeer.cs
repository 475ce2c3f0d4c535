using ChordAspire.Rpc.Seed;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Interop;

/// <summary>Something that speaks the seed's contract and answers as the test says.</summary>
internal sealed class BadSeedPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BadSeedPeer(WebApplication app, int id) => (_app, Id) = (app, id);

    public int Id { get; }

    public string Address => new Uri(_app.Urls.Single()).Authority;

    public NodeInfo Self => new() { Id = Id, Address = Address };

    /// <param name="answer">What it says whenever it is asked for a peer.</param>
    public static async Task<BadSeedPeer> StartAsync(int id, Func<BadSeedPeer, Task<NodeInfo>> answer, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var script = new Script();
        builder.Services.AddSingleton(script);
        builder.Services.AddGrpc();
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellationToken);
        var peer = new BadSeedPeer(app, id);
        script.Answer = () => answer(peer);
        return peer;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Script
    {
        public Func<Task<NodeInfo>> Answer { get; set; } = static () => Task.FromResult(new NodeInfo { Id = -1 });
    }

    private sealed class Service(Script script) : ChordService.ChordServiceBase
    {
        private static readonly Empty Nothing = new();

        public override Task<NodeInfo> FindSuccessor(FindSuccessorRequest request, ServerCallContext context) => script.Answer();

        public override Task<NodeInfo> GetPredecessor(Empty request, ServerCallContext context) => script.Answer();

        public override async Task<FingerTableResponse> GetFingerTable(Empty request, ServerCallContext context) =>
            new() { Entries = { Enumerable.Repeat(await script.Answer(), 500) } };

        public override Task<Empty> Notify(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);

        public override Task<Empty> UpdateSuccessor(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);

        public override Task<Empty> UpdatePredecessor(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);
    }
}
