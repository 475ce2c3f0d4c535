using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Rpc;
using Grpc.Core;

namespace ChordAspire.Tests.Interop;

/// <summary>Something that speaks the seed's contract and answers as the test says.</summary>
internal sealed class BadSeedPeer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private BadSeedPeer(LoopbackServer server, int id) => (_server, Id) = (server, id);

    public int Id { get; }

    public string Address => _server.Address;

    public NodeInfo Self => new() { Id = Id, Address = Address };

    /// <param name="answer">What it says whenever it is asked for a peer.</param>
    public static async Task<BadSeedPeer> StartAsync(int id, Func<BadSeedPeer, Task<NodeInfo>> answer, CancellationToken cancellationToken)
    {
        var service = new Service();
        var peer = new BadSeedPeer(await LoopbackServer.StartAsync(service, cancellationToken), id);
        service.Answer = () => answer(peer);
        return peer;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class Service : ChordService.ChordServiceBase
    {
        private static readonly Empty Nothing = new();

        public Func<Task<NodeInfo>> Answer { get; set; } = static () => Task.FromResult(new NodeInfo { Id = -1 });

        public override Task<NodeInfo> FindSuccessor(FindSuccessorRequest request, ServerCallContext context) => Answer();

        public override Task<NodeInfo> GetPredecessor(Empty request, ServerCallContext context) => Answer();

        public override async Task<FingerTableResponse> GetFingerTable(Empty request, ServerCallContext context) =>
            new() { Entries = { Enumerable.Repeat(await Answer(), 500) } };

        public override Task<Empty> Notify(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);

        public override Task<Empty> UpdateSuccessor(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);

        public override Task<Empty> UpdatePredecessor(NodeInfo request, ServerCallContext context) => Task.FromResult(Nothing);
    }
}
