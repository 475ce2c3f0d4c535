using System.Collections.Concurrent;
using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Rpc;
using Grpc.Core;

namespace ChordAspire.Tests.Interop;

/// <summary>A seed peer that knows its place and keeps values, and stores and tells them when the test lets it.</summary>
/// <param name="predecessor">Whose place ends where its own arc begins.</param>
/// <param name="ownerElsewhere">The owner of a place that is not its own.</param>
internal sealed class SeedPeerOnCue(int id, NodeInfo predecessor, Func<int, NodeInfo> ownerElsewhere) : ChordService.ChordServiceBase, IAsyncDisposable
{
    private static readonly Empty Nothing = new();

    private LoopbackServer? _server;

    /// <summary>What it has.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = [];

    /// <summary>What is waited for before this value of this key is stored.</summary>
    public Func<string, string, Task> BeforeStoring { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>What is waited for before the value of this key is told, after it was read.</summary>
    public Func<string, Task> BeforeTelling { get; set; } = static _ => Task.CompletedTask;

    public NodeInfo Self => new() { Id = id, Address = _server?.Address ?? throw new InvalidOperationException("It has not been started.") };

    public async Task StartAsync(CancellationToken cancellationToken) => _server = await LoopbackServer.StartAsync(this, cancellationToken);

    public override Task<NodeInfo> FindSuccessor(FindSuccessorRequest request, ServerCallContext context) =>
        Task.FromResult(Owns(request.Id) ? Self : ownerElsewhere(request.Id));

    public override Task<NodeInfo> GetPredecessor(Empty request, ServerCallContext context) => Task.FromResult(predecessor);

    public override Task<FingerTableResponse> GetFingerTable(Empty request, ServerCallContext context) =>
        Task.FromResult(new FingerTableResponse { Entries = { ownerElsewhere(id + 1) } });

    public override async Task<Empty> StoreResource(StoreRequest request, ServerCallContext context)
    {
        await BeforeStoring(request.Key, request.Value);
        Values[request.Key] = request.Value;
        return Nothing;
    }

    public override async Task<LookupResponse> LookupResource(LookupRequest request, ServerCallContext context)
    {
        var told = new LookupResponse { Value = Values.GetValueOrDefault(request.Key, "") };
        await BeforeTelling(request.Key);
        return told;
    }

    public override Task<Empty> Notify(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);

    public override Task<Empty> UpdateSuccessor(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);

    public override Task<Empty> UpdatePredecessor(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private bool Owns(int place) => place > predecessor.Id && place <= id;
}
