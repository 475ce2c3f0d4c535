using System.Collections.Concurrent;
using ChordAspire.Rpc.Seed;
using Grpc.Core;

namespace ChordAspire.SeedPeer;

/// <summary>The eight methods. Nothing that is asked or told is checked, and values stay where they were stored.</summary>
internal sealed class SeedServicer(SeedNode node) : ChordService.ChordServiceBase
{
    private readonly ConcurrentDictionary<string, string> _values = new();

    public override Task<NodeInfo> FindSuccessor(FindSuccessorRequest request, ServerCallContext context) => node.FindSuccessorAsync(request.Id);

    public override Task<NodeInfo> GetPredecessor(Empty request, ServerCallContext context) => Task.FromResult(node.Predecessor);

    public override Task<Empty> Notify(NodeInfo request, ServerCallContext context)
    {
        node.Notified(request);
        return Done();
    }

    public override Task<Empty> StoreResource(StoreRequest request, ServerCallContext context)
    {
        _values[request.Key] = request.Value;
        return Done();
    }

    /// <summary>Asked on at whom the peer takes for the owner; a key at exactly a peer's identifier goes round between two that take each other for it.</summary>
    public override async Task<LookupResponse> LookupResource(LookupRequest request, ServerCallContext context)
    {
        NodeInfo owner = await node.FindSuccessorAsync(SeedNode.PlaceOf(request.Key));
        return owner.Id == node.Self.Id
            ? new LookupResponse { Value = _values.GetValueOrDefault(request.Key, "") }
            : await SeedCall.ToAsync(owner.Address, peer => peer.LookupResourceAsync(request));
    }

    public override Task<FingerTableResponse> GetFingerTable(Empty request, ServerCallContext context) =>
        Task.FromResult(new FingerTableResponse { Entries = { node.Fingers } });

    public override Task<Empty> UpdateSuccessor(NodeInfo request, ServerCallContext context)
    {
        node.Successor = request;
        return Done();
    }

    public override Task<Empty> UpdatePredecessor(NodeInfo request, ServerCallContext context)
    {
        node.Predecessor = request;
        return Done();
    }

    private static Task<Empty> Done() => Task.FromResult(new Empty());
}
