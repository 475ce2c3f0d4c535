using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>Part of an object. Zero and zero is the whole.</summary>
/// <param name="Length">Bytes wanted; 0 for all that follow.</param>
internal readonly record struct ObjectRange(long Offset, long Length)
{
    /// <exception cref="RefusedException">It is none, whatever the object.</exception>
    public static ObjectRange FromWire(long offset, long length) => offset >= 0 && length >= 0
        ? new ObjectRange(offset, length)
        : throw new RefusedException(Refusal.InvalidRequest, $"The range from {offset} of {length} bytes is none; neither can be negative.");

    /// <summary>Where it ends in an object of so many bytes.</summary>
    /// <exception cref="RefusedException">It lies outside.</exception>
    public long EndIn(long size)
    {
        if (Offset > size || Length > size - Offset)
            throw new RefusedException(Refusal.InvalidRequest, $"The range from {Offset} of {Length} bytes lies outside of the object, which has {size}.");
        return Length == 0 ? size : Offset + Length;
    }
}

/// <summary>Sends objects, chunk by chunk, in bounded memory.</summary>
internal sealed class ObjectSender(ObjectStore store, CopyCaller caller, PeerOptions options)
{
    /// <summary>Says that there is none.</summary>
    public Task SendNothingAsync(IServerStreamWriter<ObjectPart> to) =>
        to.WriteAsync(new ObjectPart { Header = new ObjectHeader { Owner = WireMapping.ToWire(options.Self) } });

    /// <summary>Sends what this peer holds of an object: tombstones with their key, and without content.</summary>
    /// <exception cref="RefusedException">The range lies outside.</exception>
    /// <exception cref="DamagedObjectException">What is held is damaged, and has been set aside.</exception>
    public async Task SendHeldAsync(Identifier id, ObjectRange range, IServerStreamWriter<ObjectPart> to, CancellationToken cancellationToken)
    {
        if (store.Index.TryGet(id, out ObjectEntry entry) && entry.Version.Deleted && await store.KeyOfAsync(entry) is { } key)
        {
            await to.WriteAsync(new ObjectPart { Header = Header(entry.Version, 0, key) }, cancellationToken);
            return;
        }
        await using StoredObject? opened = await store.OpenAsync(id, cancellationToken);
        if (opened is null)
            await SendNothingAsync(to);
        else
            await SendAsync(opened, range, to, cancellationToken);
    }

    public async Task SendAsync(StoredObject opened, ObjectRange range, IServerStreamWriter<ObjectPart> to, CancellationToken cancellationToken)
    {
        long end = range.EndIn(opened.Size);
        var part = new ObjectPart { Header = Header(opened.Entry.Version, opened.Size, opened.Key) };
        byte[] buffer = new byte[(int)Math.Min(RingLimits.ChunkBytes, end - range.Offset)];
        long offset = range.Offset;
        using var taker = new PartWriter<ObjectPart>(to, options.Storage.IdleTimeout, cancellationToken);
        do
        {
            int read = await opened.ReadAsync(offset, buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - offset)), cancellationToken);
            part.Chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read));
            // The message has left the buffer when this ends.
            await taker.WriteAsync(part);
            offset += read;
            part = new ObjectPart();
        }
        while (offset < end);
    }

    /// <summary>Sends what another peer holds: while it is on its way here, readers need not wait for it.</summary>
    /// <param name="version">The one wanted.</param>
    /// <exception cref="RefusedException">The other is silent, or holds another version by now.</exception>
    public async Task RelayAsync(
        PeerRef from, Identifier id, ObjectVersion version, ObjectRange range, IServerStreamWriter<ObjectPart> to, CancellationToken cancellationToken)
    {
        using ObjectDownload download = await caller.FetchAsync(from, id, range.Offset, range.Length, options.Storage.IdleTimeout, cancellationToken);
        if (download.Version != version)
            throw new RefusedException(Refusal.Unavailable, $"The object changed while it was fetched from {from}; try again.");
        var part = new ObjectPart { Header = Header(version, download.Size, download.Key) };
        using var taker = new PartWriter<ObjectPart>(to, options.Storage.IdleTimeout, cancellationToken);
        do
        {
            ReadOnlyMemory<byte> chunk = await download.ReadAsync();
            if (chunk.IsEmpty && part.Header is null)
                return;
            part.Chunk = UnsafeByteOperations.UnsafeWrap(chunk);
            await taker.WriteAsync(part);
            part = new ObjectPart();
        }
        while (true);
    }

    private ObjectHeader Header(ObjectVersion version, long size, string key) =>
        new() { Version = ObjectMapping.ToWire(version), Size = size, Key = key, Owner = WireMapping.ToWire(options.Self) };
}
