using System.Text;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>The seed's contract, for its clients: all eight methods, on rings of at most 31 bits.</summary>
/// <remarks>What a caller claims about neighbours is a hint here: no pointer is adopted until the peer behind it has answered us.</remarks>
internal sealed class SeedGrpcService(PeerLoop loop, PeerCaller caller, LookupDriver lookups, ObjectRequests requests, PeerOptions options)
    : ChordService.ChordServiceBase
{
    private const int MaxBits = 31;

    private static readonly Empty Nothing = new();

    public override async Task<NodeInfo> FindSuccessor(FindSuccessorRequest request, ServerCallContext context)
    {
        Served();
        LookupRun run = await lookups.LookUpAsync(Place(request.Id, "id"), RequestContext.CallerOf(context), context.CancellationToken);
        return run.Outcome.Owner is { } owner
            ? ToNodeInfo(owner)
            : throw new RefusedException(Refusal.Unavailable, $"The lookup of {request.Id} failed: {run.Outcome.Failure}.");
    }

    public override Task<NodeInfo> GetPredecessor(Empty request, ServerCallContext context) =>
        Task.FromResult(Served().Predecessor is { } predecessor ? ToNodeInfo(predecessor) : new NodeInfo { Id = -1, Address = "" });

    public override Task<Empty> Notify(NodeInfo request, ServerCallContext context) => NotifiedOfAsync(request, context);

    public override async Task<Empty> StoreResource(StoreRequest request, ServerCallContext context)
    {
        Served();
        string key = WireMapping.KeyFromWire(request.Key);
        ByteString content = WireMapping.ValueFromWire(ByteString.CopyFromUtf8(request.Value));
        await requests.PutAsync(key, content.Memory, RequestContext.CallerOf(context), context.CancellationToken);
        return Nothing;
    }

    public override async Task<LookupResponse> LookupResource(LookupRequest request, ServerCallContext context)
    {
        Served();
        (_, SmallObject? value) = await requests.GetAsync(WireMapping.KeyFromWire(request.Key), RequestContext.CallerOf(context), context.CancellationToken);
        return new LookupResponse { Value = value is null ? "" : Encoding.UTF8.GetString(value.Content.Span) };
    }

    public override Task<FingerTableResponse> GetFingerTable(Empty request, ServerCallContext context)
    {
        PeerState state = Served();
        var reply = new FingerTableResponse();
        for (int finger = 0; finger < options.Ring.Bits; finger++)
            reply.Entries.Add(ToNodeInfo(state.Fingers[finger] ?? state.Self));
        return Task.FromResult(reply);
    }

    /// <summary>Our successor says that it leaves: look at once, and believe it only when it is gone.</summary>
    public override Task<Empty> UpdateSuccessor(NodeInfo request, ServerCallContext context)
    {
        Served();
        FromNodeInfo(request);
        loop.Accept(new ChordEvent.StabilizeDue());
        return Task.FromResult(Nothing);
    }

    public override Task<Empty> UpdatePredecessor(NodeInfo request, ServerCallContext context) => NotifiedOfAsync(request, context);

    private async Task<Empty> NotifiedOfAsync(NodeInfo request, ServerCallContext context)
    {
        Served();
        PeerRef claimed = FromNodeInfo(request);
        if (claimed.Id != options.Self.Id && (await caller.PingAsync(claimed, context.CancellationToken)).IsAnswered)
            loop.Accept(new ChordEvent.Notified(claimed));
        return Nothing;
    }

    private PeerState Served()
    {
        if (options.Ring.Bits > MaxBits)
            throw new RefusedException(Refusal.NotServed, $"chord.ChordService carries identifiers of at most {MaxBits} bits; this ring has {options.Ring.Bits} (CHORD_ID_BITS). Use chord.ring.v1.RingService.");
        return RequestContext.MemberOf(loop);
    }

    private PeerRef FromNodeInfo(NodeInfo node) => new(Place(node.Id, "id"), WireMapping.AddressFromWire(node.Address, "address"));

    private Identifier Place(int id, string field) =>
        id >= 0 && id < 1L << options.Ring.Bits
            ? Identifier.FromUInt64(options.Ring.Bits, (ulong)id)
            : throw new RefusedException(Refusal.InvalidRequest, $"Field '{field}' is {id}; identifiers of this ring go from 0 to {(1L << options.Ring.Bits) - 1}.");

    private static NodeInfo ToNodeInfo(PeerRef peer) => new() { Id = (int)peer.Id.ToUInt64(), Address = peer.Address };
}
