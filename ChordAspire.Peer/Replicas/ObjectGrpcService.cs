using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>What clients ask of the owner of a key.</summary>
internal sealed class ObjectGrpcService(PeerLoop ring, ReplicationLoop replication, ObjectOwner owner, ObjectStore store, ObjectSender sender, PeerOptions options)
    : ObjectService.ObjectServiceBase
{
    public override async Task<PutReply> Put(PutRequest request, ServerCallContext context)
    {
        string key = WireMapping.KeyFromWire(request.Key);
        ReadOnlyMemory<byte> content = WireMapping.ValueFromWire(request.Content).Memory;
        ContentHash? hash = request.Hash.IsEmpty ? null : ObjectMapping.HashFromWire(request.Hash, "hash");
        using Activity? span = PeerTelemetry.StartRequest("chord.store", RequestContext.CallerOf(context))?.SetTag("chord.size", content.Length);
        return Reply(await owner.PutAsync(key, content, hash, context.CancellationToken), span);
    }

    public override async Task<PutReply> PutStream(IAsyncStreamReader<PutPart> requestStream, ServerCallContext context)
    {
        using var parts = new PartReader<PutPart>(requestStream, options.Storage.IdleTimeout, context.CancellationToken);
        PutHeader header = (await parts.NextAsync())?.Header ?? throw PartReader.Bad("An upload begins with a header.");
        string key = WireMapping.KeyFromWire(header.Key);
        long announced = ObjectMapping.SizeFromWire(header.Size, "header.size");
        using Activity? span = PeerTelemetry.StartRequest("chord.store", RequestContext.CallerOf(context));
        await using OwnedUpload upload = owner.BeginPut(key, announced);
        long received = 0;
        while (await parts.NextAsync() is { } part)
        {
            switch (part.PartCase)
            {
                case PutPart.PartOneofCase.Chunk:
                    ReadOnlyMemory<byte> chunk = ObjectMapping.ChunkFromWire(part.Chunk);
                    received += chunk.Length;
                    if (announced > 0 && received > announced)
                        throw new RefusedException(Refusal.Corrupted, $"More than the {announced} bytes that were announced have come; nothing was stored.");
                    await upload.WriteAsync(chunk, context.CancellationToken);
                    break;
                case PutPart.PartOneofCase.End:
                    if (announced > 0 && received < announced)
                        throw new RefusedException(Refusal.Corrupted, $"Only {received} of the {announced} bytes that were announced have come; nothing was stored.");
                    ContentHash hash = ObjectMapping.HashFromWire(part.End.Hash, "end.hash");
                    await parts.AssertEndAsync("end");
                    span?.SetTag("chord.size", received);
                    return Reply(await upload.CommitAsync(hash, ObjectMapping.SizeFromWire(part.End.Size, "end.size"), context.CancellationToken), span);
                default:
                    throw PartReader.Bad("Behind the header of an upload come chunks and an end.");
            }
        }
        throw PartReader.Bad("The upload ended without its end; nothing was stored.");
    }

    public override async Task Get(GetObjectRequest request, IServerStreamWriter<ObjectPart> responseStream, ServerCallContext context)
    {
        string key = WireMapping.KeyFromWire(request.Key);
        var range = ObjectRange.FromWire(request.Offset, request.Length);
        ObjectVersion? only = ObjectMapping.OptionalVersionFromWire(request.Only, "only");
        using Activity? span = PeerTelemetry.StartRequest("chord.fetch", RequestContext.CallerOf(context));
        Identifier id = await owner.FindOwnedAsync(key, context.CancellationToken);
        NewestVersion newest = await owner.FindNewestAsync(id, context.CancellationToken);
        if (only is not null && newest.Version != only)
            throw new RefusedException(Refusal.Changed, $"'{key}' is of another version by now: {newest.Version?.ToString() ?? "it is gone"}.");
        if (newest.Version is not { Deleted: false } version)
        {
            await sender.SendNothingAsync(responseStream);
            return;
        }
        range.EndIn(newest.Size);
        if (newest.At is { } other)
        {
            await sender.RelayAsync(other, id, version, range, responseStream, context.CancellationToken);
            return;
        }
        await using StoredObject? opened = await store.OpenAsync(key, context.CancellationToken);
        // Between the two looks a later version, or a deletion, may have come: as good as if it had been asked for a moment later.
        if (opened is null && store.Index.VersionOf(id) is { Deleted: true })
            await sender.SendNothingAsync(responseStream);
        else if (opened is null)
            throw new RefusedException(Refusal.Unavailable, $"'{key}' was given away, or was found damaged, just now; try again.");
        else if (only is not null && opened.Entry.Version != version)
            throw new RefusedException(Refusal.Changed, $"'{key}' changed just now: {opened.Entry.Version}.");
        else
            await sender.SendAsync(opened, range, responseStream, context.CancellationToken);
    }

    public override async Task<DeleteReply> Delete(DeleteRequest request, ServerCallContext context)
    {
        string key = WireMapping.KeyFromWire(request.Key);
        using Activity? span = PeerTelemetry.StartRequest("chord.delete", RequestContext.CallerOf(context));
        var reply = new DeleteReply { Owner = WireMapping.ToWire(options.Self) };
        if (await owner.DeleteAsync(key, context.CancellationToken) is { } stored)
            (reply.Found, reply.Version, reply.Copies) = (true, ObjectMapping.ToWire(stored.Version), (uint)stored.Copies);
        return reply;
    }

    public override async Task<StatReply> Stat(StatRequest request, ServerCallContext context)
    {
        Identifier id = await owner.FindOwnedAsync(WireMapping.KeyFromWire(request.Key), context.CancellationToken);
        NewestVersion newest = await owner.FindNewestAsync(id, context.CancellationToken);
        var reply = new StatReply { Owner = WireMapping.ToWire(options.Self), Replicated = replication.Replicated };
        if (newest.Version is { Deleted: false } version)
            (reply.Version, reply.Size) = (ObjectMapping.ToWire(version), newest.Size);
        WireMapping.AddTo(reply.Replicas, [.. owner.Replicas()]);
        return reply;
    }

    public override async Task List(ListRequest request, IServerStreamWriter<ListPart> responseStream, ServerCallContext context)
    {
        RequestContext.MemberOf(ring);
        if (request.Prefix.Length > 0)
            WireMapping.KeyFromWire(request.Prefix);
        if (request.After.Length > 0)
            WireMapping.KeyFromWire(request.After);
        var arc = new Arc(
            WireMapping.IdFromWire(request.ArcFrom, options.Ring.Bits, "arc_from"), WireMapping.IdFromWire(request.ArcTo, options.Ring.Bits, "arc_to"));
        // An answer that leaves out what others hold would look like one that is whole.
        if (!replication.State.HoldsAllOf(ObjectPlace.ObjectsOn(arc)))
            throw new RefusedException(Refusal.Unavailable, $"Peer {options.Self} does not hold all objects from {arc.From} to {arc.To}, or not yet; try again, or ask their owner.");
        var part = new ListPart();
        using var taker = new PartWriter<ListPart>(responseStream, options.Storage.IdleTimeout, context.CancellationToken);
        await foreach (ListedObject listed in store.ListAsync(request.Prefix, request.After.Length > 0 ? request.After : null, arc, context.CancellationToken))
        {
            part.Objects.Add(new Rpc.Wire.ListedObject { Key = listed.Key, Version = ObjectMapping.ToWire(listed.Entry.Version), Size = listed.Entry.Size });
            if (part.Objects.Count < RingLimits.MaxListedObjects)
                continue;
            await taker.WriteAsync(part);
            part = new ListPart();
        }
        if (part.Objects.Count > 0)
            await taker.WriteAsync(part);
    }

    private PutReply Reply(StoredAt stored, Activity? span)
    {
        span?.SetTag("chord.copies", stored.Copies);
        return new PutReply { Owner = WireMapping.ToWire(options.Self), Version = ObjectMapping.ToWire(stored.Version), Copies = (uint)stored.Copies };
    }
}
