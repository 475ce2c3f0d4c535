using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Copies objects from peer to peer, as fast as repair may.</summary>
internal sealed class CopyTransfers(
    PeerLoop ring, CopyCaller caller, CopyIntake intake, ObjectStore store, RepairBudget budget, StorageTelemetry telemetry, PeerOptions options)
{
    /// <summary>What a copy costs beside its bytes, as the budget reckons.</summary>
    private const int Overhead = 512;

    private bool Leaving => ring.State.Phase == MemberPhase.Leaving;

    /// <summary>Gets an object from a peer; whether this version of it, or a later one, is held now.</summary>
    /// <exception cref="RefusedException">The peer refused or is silent, or what came was not what was announced.</exception>
    /// <exception cref="StorageRefusedException">There is no room for it.</exception>
    public async Task<bool> FetchAsync(PeerRef peer, ObjectEntry wanted, CancellationToken cancellationToken)
    {
        if (store.Index.Has(wanted.Id, wanted.Version))
            return true;
        store.AssertRoomFor(wanted.Size);
        using ObjectDownload download = await caller.FetchAsync(peer, wanted.Id, offset: 0, length: 0, options.Storage.IdleTimeout, cancellationToken);
        if (download.Version is not { } version)
            return false;
        await PayAsync(Overhead, cancellationToken);
        ObjectVersion held;
        if (version.Deleted)
        {
            held = await intake.StoreAsync(download.Key, version, default, peer, cancellationToken);
        }
        else
        {
            await using IncomingObject incoming = intake.Begin(download.Key);
            for (ReadOnlyMemory<byte> chunk = await download.ReadAsync(); !chunk.IsEmpty; chunk = await download.ReadAsync())
            {
                await incoming.WriteAsync(chunk, cancellationToken);
                await PayAsync(chunk.Length, cancellationToken);
            }
            held = await intake.CommitAsync(incoming, version, download.Size, peer, cancellationToken);
        }
        telemetry.CountCopy(version.Deleted ? 0 : download.Size, fetched: true);
        return held >= wanted.Version;
    }

    /// <summary>Gives a peer what is held of an object; whether it holds that, or a later version, now.</summary>
    /// <exception cref="RefusedException">The peer refused or is silent.</exception>
    public async Task<bool> PushAsync(PeerRef peer, Identifier id, CancellationToken cancellationToken)
    {
        if (!store.Index.TryGet(id, out ObjectEntry entry))
            return false;
        await PayAsync(Overhead, cancellationToken);
        ObjectVersion held;
        if (entry.Version.Deleted)
        {
            if (await store.KeyOfAsync(entry) is not { } key)
                return false;
            held = Unwrap(await caller.StoreCopyAsync(peer, key, entry.Version, default, Leaving, options.CallTimeoutMax, cancellationToken));
        }
        else
        {
            await using StoredObject? opened = await store.OpenAsync(id, cancellationToken);
            if (opened is null)
                return false;
            entry = opened.Entry;
            held = entry.Size <= RingLimits.ChunkBytes
                ? Unwrap(await caller.StoreCopyAsync(peer, opened.Key, entry.Version, await ReadWholeAsync(opened, cancellationToken), Leaving, options.CallTimeoutMax, cancellationToken))
                : await PushStreamAsync(peer, opened, cancellationToken);
        }
        telemetry.CountCopy(entry.Size, fetched: false);
        return held >= entry.Version;
    }

    private async Task<ReadOnlyMemory<byte>> ReadWholeAsync(StoredObject opened, CancellationToken cancellationToken)
    {
        byte[] content = new byte[opened.Size];
        for (int read = 0; read < content.Length;)
            read += await opened.ReadAsync(read, content.AsMemory(read), cancellationToken);
        await PayAsync(content.Length, cancellationToken);
        return content;
    }

    private async Task<ObjectVersion> PushStreamAsync(PeerRef peer, StoredObject opened, CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(options.Storage.IdleTimeout);
        using CopyUpload upload = await caller.UploadAsync(peer, opened.Key, Leaving, idle.Token);
        byte[] buffer = new byte[RingLimits.ChunkBytes];
        for (long sent = 0; sent < opened.Size;)
        {
            int read = await opened.ReadAsync(sent, buffer, cancellationToken);
            await upload.WriteAsync(buffer.AsMemory(0, read));
            sent += read;
            await PayAsync(read, cancellationToken);
            idle.CancelAfter(options.Storage.IdleTimeout);
        }
        return await upload.CommitAsync(opened.Entry.Version, opened.Size);
    }

    /// <summary>Who leaves has no time to be considerate.</summary>
    private Task PayAsync(int bytes, CancellationToken cancellationToken) =>
        Leaving ? Task.CompletedTask : budget.PayAsync(bytes, cancellationToken);

    private static ObjectVersion Unwrap(CallResult<ObjectVersion> result) => result.IsAnswered
        ? result.Value
        : throw new RefusedException(result.Reason ?? Refusal.Unavailable, result.Detail ?? "The peer is silent.");
}
