using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>What the other peers ask and tell about copies.</summary>
internal sealed class CopyGrpcService(PeerLoop ring, ReplicationLoop replication, CopyIntake intake, ObjectStore store, ObjectSender sender, PeerOptions options)
    : CopyService.CopyServiceBase
{
    private static readonly OfferReply Offered = new();

    public override async Task<AskArcsReply> AskArcs(AskArcsRequest request, ServerCallContext context)
    {
        AssertTaking(request.To, request.Leaving);
        PeerRef from = PeerFrom(request.From);
        var questions = ObjectMapping.QuestionsFromWire(request.Questions);
        // The claim first: what is committed after it is not acknowledged here any more, and what was before it is in the answer.
        if (ObjectMapping.OptionalArcFromWire(request.Claim, "claim") is { } claim)
            await replication.HandleAsync(new ReplicationEvent.Claimed(from, claim), context.CancellationToken);
        ObjectIndex index = store.Index;
        ReplicationState own = replication.State;
        // Whoever asks may forget its copies on this: what has not been handled yet may lack replicas.
        var reply = new AskArcsReply { Replicated = replication.Replicated && own.ReplicatedWithout(from) && own.Index.Digest == index.Digest };
        reply.Answers.AddRange(questions.Select(question => ObjectMapping.ToWire(ArcComparison.Answer(index, question))));
        if (own.Own is { } arc)
            reply.Own = ObjectMapping.ToWire(arc);
        return reply;
    }

    public override async Task<OfferReply> Offer(OfferRequest request, ServerCallContext context)
    {
        RequestContext.MemberFor(ring, request.To);
        await replication.PostAsync(new ReplicationEvent.Offered(PeerFrom(request.From)), context.CancellationToken);
        return Offered;
    }

    public override Task<AskVersionReply> AskVersion(AskVersionRequest request, ServerCallContext context)
    {
        RequestContext.MemberFor(ring, request.To);
        return Task.FromResult(store.Index.TryGet(ObjectMapping.ObjectIdFromWire(request.ObjectId, "object_id"), out ObjectEntry held)
            ? new AskVersionReply { Version = ObjectMapping.ToWire(held.Version), Size = held.Size }
            : new AskVersionReply());
    }

    public override async Task<StoreCopyReply> StoreCopy(StoreCopyRequest request, ServerCallContext context)
    {
        AssertTaking(request.To, request.Leaving);
        PeerRef from = PeerFrom(request.From);
        string key = WireMapping.KeyFromWire(request.Key);
        ObjectVersion version = ObjectMapping.VersionFromWire(request.Version, "version");
        ReadOnlyMemory<byte> content = WireMapping.ValueFromWire(request.Content).Memory;
        if (version.Deleted && !content.IsEmpty)
            throw PartReader.Bad($"A deletion has no content; this one came with {content.Length} bytes.");
        ObjectVersion held = await intake.StoreAsync(key, version, content, from, context.CancellationToken);
        return new StoreCopyReply { Held = ObjectMapping.ToWire(held) };
    }

    public override async Task<StoreCopyReply> StreamCopy(IAsyncStreamReader<CopyPart> requestStream, ServerCallContext context)
    {
        using var parts = new PartReader<CopyPart>(requestStream, options.Storage.IdleTimeout, context.CancellationToken);
        CopyHeader header = (await parts.NextAsync())?.Header ?? throw PartReader.Bad("A copy begins with a header.");
        AssertTaking(header.To, header.Leaving);
        PeerRef from = PeerFrom(header.From);
        await using IncomingObject incoming = intake.Begin(WireMapping.KeyFromWire(header.Key));
        while (await parts.NextAsync() is { } part)
        {
            switch (part.PartCase)
            {
                case CopyPart.PartOneofCase.Chunk:
                    await incoming.WriteAsync(ObjectMapping.ChunkFromWire(part.Chunk), parts.Cancellation);
                    break;
                case CopyPart.PartOneofCase.Commit:
                    ObjectVersion version = ObjectMapping.VersionFromWire(part.Commit.Version, "commit.version");
                    await parts.AssertEndAsync("commit");
                    ObjectVersion held = await intake.CommitAsync(incoming, version, ObjectMapping.SizeFromWire(part.Commit.Size, "commit.size"), from, context.CancellationToken);
                    return new StoreCopyReply { Held = ObjectMapping.ToWire(held) };
                default:
                    throw PartReader.Bad("Behind the header of a copy come chunks and a commit.");
            }
        }
        throw PartReader.Bad("The copy ended without a commit; nothing was stored.");
    }

    public override async Task FetchCopy(FetchCopyRequest request, IServerStreamWriter<ObjectPart> responseStream, ServerCallContext context)
    {
        RequestContext.MemberFor(ring, request.To);
        Identifier id = ObjectMapping.ObjectIdFromWire(request.ObjectId, "object_id");
        await sender.SendHeldAsync(id, ObjectRange.FromWire(request.Offset, request.Length), responseStream, context.CancellationToken);
    }

    /// <summary>Where all leave at the same moment nobody has to take anything over, and none needs to wait.</summary>
    private void AssertTaking(ByteString to, bool senderLeaves)
    {
        PeerState state = RequestContext.MemberFor(ring, to);
        if (senderLeaves && state.Phase == MemberPhase.Leaving)
            throw RequestContext.NoMember(state);
    }

    private PeerRef PeerFrom(Rpc.Wire.Peer? from) => WireMapping.PeerFromWire(from, options.Ring.Bits, "from");
}
