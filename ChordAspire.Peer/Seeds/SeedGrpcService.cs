using System.Text;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>The seed's contract, for its clients: all eight methods, on rings of at most 31 bits.</summary>
/// <remarks>What a caller claims about neighbours is a hint here: no pointer is adopted until the peer behind it has answered us.</remarks>
internal sealed class SeedGrpcService(PeerLoop loop, RingCaller caller, LookupDriver lookups, ObjectRequests requests, PeerOptions options)
    : ChordService.ChordServiceBase
{
    private static readonly Empty Nothing = new();

    public override async Task<NodeInfo> FindSuccessor(FindSuccessorRequest request, ServerCallContext context)
    {
        Served();
        Identifier place = SeedMapping.PlaceFromWire(request.Id, options.Ring.Bits);
        PeerRef owner = await FindOwnerAsync(place, context);
        // A seed peer itself names the peer behind it as the owner of its own place, and looks for values there. Who named the seed peer would have values
        // stored where nobody finds them.
        return SeedMapping.ToWire(owner.Id == place && caller.IsSeed(owner) ? await FindOwnerAsync(place.FingerStart(0), context) : owner);
    }

    /// <summary>The predecessor, when it answers: a seed peer takes whom it is told for its successor, and goes to pieces over one that is silent.</summary>
    public override async Task<NodeInfo> GetPredecessor(Empty request, ServerCallContext context) =>
        Served().Predecessor is { } predecessor && (await caller.PingAsync(predecessor, context.CancellationToken)).IsAnswered
            ? SeedMapping.ToWire(predecessor)
            : new NodeInfo { Id = -1, Address = "" };

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
            reply.Entries.Add(SeedMapping.ToWire(state.Fingers[finger] ?? state.Self));
        return Task.FromResult(reply);
    }

    /// <summary>Our successor says that it leaves: look at once, and believe it only when it is gone.</summary>
    public override Task<Empty> UpdateSuccessor(NodeInfo request, ServerCallContext context)
    {
        Served();
        if (!SeedMapping.IsNobody(request))
            SeedMapping.PeerFromWire(request, options.Ring.Bits);
        loop.Accept(new ChordEvent.StabilizeDue());
        return Task.FromResult(Nothing);
    }

    /// <summary>
    /// Our predecessor says that it leaves. A seed peer among the others must not be told of it any more, so one of its own kind is believed at once; should
    /// it be there after all, its next notification brings it back.
    /// </summary>
    public override Task<Empty> UpdatePredecessor(NodeInfo request, ServerCallContext context)
    {
        if (Served().Predecessor is { } predecessor && caller.IsSeed(predecessor))
            loop.Accept(new ChordEvent.Departed(predecessor));
        return SeedMapping.IsNobody(request) ? Task.FromResult(Nothing) : NotifiedOfAsync(request, context);
    }

    private async Task<PeerRef> FindOwnerAsync(Identifier place, ServerCallContext context)
    {
        LookupRun run = await lookups.LookUpAsync(place, RequestContext.CallerOf(context), context.CancellationToken);
        return run.Outcome.Owner ?? throw new RefusedException(Refusal.Unavailable, $"The lookup of {place} failed: {run.Outcome.Failure}.");
    }

    private async Task<Empty> NotifiedOfAsync(NodeInfo request, ServerCallContext context)
    {
        Served();
        PeerRef claimed = SeedMapping.PeerFromWire(request, options.Ring.Bits);
        if (claimed.Id != options.Self.Id && (await caller.PingAsync(claimed, context.CancellationToken)).IsAnswered)
            loop.Accept(new ChordEvent.Notified(claimed));
        return Nothing;
    }

    private PeerState Served()
    {
        if (options.Ring.Bits > SeedMapping.MaxBits)
            throw new RefusedException(Refusal.NotServed, $"chord.ChordService carries identifiers of at most {SeedMapping.MaxBits} bits; this ring has {options.Ring.Bits} (CHORD_ID_BITS). Use chord.ring.v1.RingService.");
        return RequestContext.MemberOf(loop);
    }
}
