using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>What the other peers of the ring ask and tell.</summary>
internal sealed class PeerGrpcService(PeerLoop loop, PeerOptions options) : PeerService.PeerServiceBase
{
    private static readonly Task<NotifyReply> Notified = Task.FromResult(new NotifyReply());
    private static readonly Task<PingReply> Pinged = Task.FromResult(new PingReply());
    private static readonly Task<DepartReply> Departed = Task.FromResult(new DepartReply());

    public override Task<IntroduceReply> Introduce(IntroduceRequest request, ServerCallContext context)
    {
        ChordParameters ours = options.Ring;
        uint bits = request.Parameters?.Bits ?? 0;
        uint length = request.Parameters?.SuccessorListLength ?? 0;
        if (bits != ours.Bits)
            throw new RefusedException(Refusal.OtherRing, $"this ring has identifiers of {ours.Bits} bits, yours have {bits}; set CHORD_ID_BITS to {ours.Bits}.");
        if (length != ours.SuccessorListLength)
            throw new RefusedException(Refusal.OtherRing, $"this ring has successor lists of {ours.SuccessorListLength}, yours are of {length}; set Chord:SuccessorListLength to {ours.SuccessorListLength}.");
        PeerState state = loop.State;
        return Task.FromResult(new IntroduceReply
        {
            Self = WireMapping.ToWire(state.Self),
            Parameters = WireMapping.ToWire(ours),
            Phase = WireMapping.ToWire(state.Phase),
            Alone = state.IsAlone,
        });
    }

    public override Task<RouteReply> Route(RouteRequest request, ServerCallContext context)
    {
        if (request.Hop > options.MaxHops)
            throw new RefusedException(Refusal.Exhausted, $"Hop {request.Hop} of a lookup is past the ceiling of {options.MaxHops} (Chord:MaxHops).");
        PeerState state = RequestContext.MemberFor(loop, request.To);
        Identifier key = WireMapping.IdFromWire(request.Key, options.Ring.Bits, "key");
        return Task.FromResult(WireMapping.ToWire(Routing.Answer(state, key)));
    }

    public override async Task<ReadNeighborsReply> ReadNeighbors(ReadNeighborsRequest request, ServerCallContext context)
    {
        RequestContext.MemberFor(loop, request.To);
        Neighbors neighbors = await loop.ReadNeighborsAsync(context.CancellationToken) ?? throw RequestContext.NoMember(loop.State);
        return WireMapping.ToWire(neighbors);
    }

    public override Task<NotifyReply> Notify(NotifyRequest request, ServerCallContext context)
    {
        RequestContext.MemberFor(loop, request.To);
        loop.Accept(new ChordEvent.Notified(WireMapping.PeerFromWire(request.Peer, options.Ring.Bits, "peer")));
        return Notified;
    }

    public override Task<PingReply> Ping(PingRequest request, ServerCallContext context)
    {
        RequestContext.MemberFor(loop, request.To);
        return Pinged;
    }

    public override Task<DepartReply> Depart(DepartRequest request, ServerCallContext context)
    {
        RequestContext.MemberFor(loop, request.To);
        loop.Accept(new ChordEvent.Departed(WireMapping.PeerFromWire(request.Peer, options.Ring.Bits, "peer")));
        return Departed;
    }
}
