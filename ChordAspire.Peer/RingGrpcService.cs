using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>What clients ask of the ring, through any of its peers.</summary>
internal sealed class RingGrpcService(
    PeerLoop loop, LookupDriver lookups, HolderLookup holders, ObjectRequests requests, StorageTelemetry storage, PeerWatch watch, PeerOptions options,
    IHostApplicationLifetime lifetime)
    : RingService.RingServiceBase
{
    public override async Task<LookupReply> Lookup(LookupRequest request, ServerCallContext context)
    {
        RequestContext.MemberOf(loop);
        Identifier key = request.TargetCase switch
        {
            LookupRequest.TargetOneofCase.Key => IdentifierCircle.PlaceOf(WireMapping.KeyFromWire(request.Key), options.Ring.Bits),
            LookupRequest.TargetOneofCase.Id => WireMapping.IdFromWire(request.Id, options.Ring.Bits, "id"),
            _ => throw new RefusedException(Refusal.InvalidRequest, "The lookup names neither a key nor an id."),
        };
        LookupRun run = await lookups.LookUpAsync(key, RequestContext.CallerOf(context), context.CancellationToken);
        LookupOutcome outcome = run.Outcome;
        if (outcome.Owner is null)
        {
            throw new RefusedException(
                outcome.Failure == LookupFailure.TooManyHops ? Refusal.Exhausted : Refusal.Unavailable,
                $"The lookup of {key} failed after {outcome.Hops} hops: {outcome.Failure}.");
        }
        var reply = new LookupReply
        {
            Id = WireMapping.ToWire(key),
            Owner = WireMapping.ToWire(outcome.Owner),
            Hops = (uint)outcome.Hops,
            HopsToPredecessor = (uint)outcome.HopsToPredecessor,
            Unanswered = (uint)outcome.Unanswered,
            Bits = (uint)options.Ring.Bits,
        };
        if (await holders.BehindAsync(outcome.Owner, RequestContext.CallerOf(context), context.CancellationToken) is { } holder && holder != outcome.Owner)
            reply.Holder = WireMapping.ToWire(holder);
        for (int i = 0; i < outcome.Path.Length; i++)
        {
            reply.Path.Add(new Rpc.Wire.LookupHop
            {
                Peer = WireMapping.ToWire(outcome.Path[i].Peer),
                Answered = outcome.Path[i].Answered,
                Milliseconds = run.Durations[i].TotalMilliseconds,
            });
        }
        return reply;
    }

    public override async Task<PutReply> Put(PutRequest request, ServerCallContext context)
    {
        RequestContext.MemberOf(loop);
        string key = WireMapping.KeyFromWire(request.Key);
        ByteString content = WireMapping.ValueFromWire(request.Content);
        (PeerRef owner, StoredAt stored) = await requests.PutAsync(key, content.Memory, RequestContext.CallerOf(context), context.CancellationToken);
        return new PutReply { Owner = WireMapping.ToWire(owner), Version = ObjectMapping.ToWire(stored.Version), Copies = (uint)stored.Copies };
    }

    public override async Task<GetReply> Get(GetRequest request, ServerCallContext context)
    {
        RequestContext.MemberOf(loop);
        string key = WireMapping.KeyFromWire(request.Key);
        (PeerRef owner, SmallObject? found) = await requests.GetAsync(key, RequestContext.CallerOf(context), context.CancellationToken);
        var reply = new GetReply { Owner = WireMapping.ToWire(owner), Found = found is not null };
        if (found is not null)
        {
            reply.Content = UnsafeByteOperations.UnsafeWrap(found.Content);
            reply.Version = ObjectMapping.ToWire(found.Version);
        }
        return reply;
    }

    public override Task<DescribeReply> Describe(DescribeRequest request, ServerCallContext context) =>
        Task.FromResult(PeerDescription.ToWire(loop.State, storage.Now));

    /// <summary>The same as SIGTERM, see <see cref="Departure"/>: for callers who could send that as well.</summary>
    public override Task<LeaveReply> Leave(LeaveRequest request, ServerCallContext context)
    {
        if (!LeavePermission.IsGiven(options.AllowRemoteLeave, context.GetHttpContext().Connection.RemoteIpAddress))
        {
            throw new RefusedException(
                Refusal.NotAllowed, $"Peer {loop.State.Self} leaves only when told to on its own machine; set Chord:AllowRemoteLeave to true there, or send its process a SIGTERM.");
        }
        RequestContext.MemberFor(loop, request.To);
        lifetime.StopApplication();
        return Task.FromResult(new LeaveReply());
    }

    public override Task Watch(WatchRequest request, IServerStreamWriter<WatchReply> responseStream, ServerCallContext context) =>
        watch.ServeAsync(reply => responseStream.WriteAsync(reply, context.CancellationToken), context.CancellationToken);
}
