using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>What the other peers of the ring ask and tell.</summary>
internal sealed class PeerGrpcService(PeerLoop loop, ValueRequests requests, HandOverWorker handOver, IValueStore values, PeerOptions options) : PeerService.PeerServiceBase
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
        PeerState state = MemberFor(request.To);
        Identifier key = WireMapping.IdFromWire(request.Key, options.Ring.Bits, "key");
        return Task.FromResult(WireMapping.ToWire(Routing.Answer(state, key)));
    }

    public override async Task<ReadNeighborsReply> ReadNeighbors(ReadNeighborsRequest request, ServerCallContext context)
    {
        MemberFor(request.To);
        Neighbors neighbors = await loop.ReadNeighborsAsync(context.CancellationToken) ?? throw NoMember(loop.State);
        return WireMapping.ToWire(neighbors);
    }

    public override Task<NotifyReply> Notify(NotifyRequest request, ServerCallContext context)
    {
        MemberFor(request.To);
        loop.Accept(new ChordEvent.Notified(WireMapping.PeerFromWire(request.Peer, options.Ring.Bits, "peer")));
        return Notified;
    }

    public override Task<PingReply> Ping(PingRequest request, ServerCallContext context)
    {
        MemberFor(request.To);
        return Pinged;
    }

    public override Task<DepartReply> Depart(DepartRequest request, ServerCallContext context)
    {
        MemberFor(request.To);
        loop.Accept(new ChordEvent.Departed(WireMapping.PeerFromWire(request.Peer, options.Ring.Bits, "peer")));
        return Departed;
    }

    public override async Task<HandOverReply> HandOver(HandOverRequest request, ServerCallContext context)
    {
        PeerState state = MemberFor(request.To);
        PeerRef from = WireMapping.PeerFromWire(request.From, options.Ring.Bits, "from");
        if (request.Values.Count > RingLimits.MaxHandOverValues)
            throw new RefusedException(Refusal.InvalidRequest, $"The hand-over has {request.Values.Count} values; at most {RingLimits.MaxHandOverValues} are allowed.");
        // All of them are read before the first is taken: a request is refused as a whole.
        StoredValue[] given = [.. request.Values.Select(StoredValue.FromWire)];
        var reply = new HandOverReply();
        RefusedException? full = null;
        foreach (StoredValue value in given)
        {
            Identifier place = IdentifierCircle.PlaceOf(value.Key, options.Ring.Bits);
            // What a leaving predecessor gives becomes ours as soon as the one before it notifies us.
            if (!request.Leaving && !Routing.Owns(state, place))
                continue;
            try
            {
                await values.TakeAsync(value, place, context.CancellationToken);
                reply.Taken.Add(value.Key);
            }
            catch (RefusedException refused) when (refused.Reason == Refusal.Exhausted)
            {
                // A smaller one may still fit; what was taken has to be said, or it would be sent again for ever.
                full = refused;
            }
        }
        if (full is not null && reply.Taken.Count == 0)
            throw full;
        // Another than our predecessor gives us what its own successor could not take: it goes on to its owner.
        if (request.Leaving && from != state.Predecessor)
            handOver.Trigger();
        return reply;
    }

    public override async Task<StoreValueReply> StoreValue(StoreValueRequest request, ServerCallContext context)
    {
        MemberFor(request.To);
        string key = WireMapping.KeyFromWire(request.Key);
        ByteString content = WireMapping.ValueFromWire(request.Content);
        return new StoreValueReply { Version = await requests.StoreHereAsync(key, content.Memory, context.CancellationToken) };
    }

    public override async Task<FetchValueReply> FetchValue(FetchValueRequest request, ServerCallContext context)
    {
        MemberFor(request.To);
        string key = WireMapping.KeyFromWire(request.Key);
        StoredValue? value = request.HeldOnly
            ? await values.GetAsync(key, context.CancellationToken)
            : await requests.FetchHereAsync(key, context.CancellationToken);
        return new FetchValueReply { Value = value?.ToWire() };
    }

    /// <summary>Our state, when the request is for us and we are a member.</summary>
    private PeerState MemberFor(ByteString to)
    {
        PeerState state = loop.State;
        Identifier asked = WireMapping.IdFromWire(to, options.Ring.Bits, "to");
        if (asked != state.Self.Id)
            throw new RefusedException(Refusal.NotMember, $"The request is for {asked}, but here is {state.Self}.");
        return state.IsMember ? state : throw NoMember(state);
    }

    private static RefusedException NoMember(PeerState state) =>
        new(Refusal.NotMember, $"Peer {state.Self} is no member of a ring: {state.Phase.ToString().ToLowerInvariant()}.");
}
