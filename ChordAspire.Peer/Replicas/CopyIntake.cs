using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Takes copies in, from whomever: checks them, has them on disk, and tells replication.</summary>
internal sealed class CopyIntake(ObjectStore store, ReplicationLoop replication)
{
    /// <summary>Begins to take in a copy of any size.</summary>
    public IncomingObject Begin(string key) => store.Receive(key);

    /// <summary>Holds a copy that has arrived whole. The version that is held now: this one, or a higher one.</summary>
    /// <param name="writer">From whom it came; null: it is written here.</param>
    /// <exception cref="RefusedException">It is not what it is said to be.</exception>
    public async Task<ObjectVersion> CommitAsync(IncomingObject incoming, ObjectVersion version, long size, PeerRef? writer, CancellationToken cancellationToken)
    {
        (ContentHash hash, long received) = await incoming.CompleteAsync(cancellationToken);
        if (received != size || hash != version.Hash)
            throw new RefusedException(Refusal.Corrupted, $"{received} bytes with SHA-256 {hash} arrived; {size} bytes with {version.Hash} were announced.");
        return await CommitCompletedAsync(incoming, version, writer);
    }

    /// <summary>Holds a copy that was found to be right. The version that is held now: this one, or a higher one.</summary>
    public async Task<ObjectVersion> CommitCompletedAsync(IncomingObject incoming, ObjectVersion version, PeerRef? writer) =>
        await ToldAsync(await incoming.CommitAsync(version.Stamp, CancellationToken.None), writer);

    /// <summary>Holds a small copy, or a tombstone. The version that is held now.</summary>
    /// <exception cref="RefusedException">It is not what it is said to be.</exception>
    public async Task<ObjectVersion> StoreAsync(string key, ObjectVersion version, ReadOnlyMemory<byte> content, PeerRef? writer, CancellationToken cancellationToken)
    {
        Identifier id = ObjectPlace.IdOf(key, replication.State.RingBits);
        if (store.Index.VersionOf(id) is { } held && held >= version)
            return held;
        if (version.Deleted)
            return await ToldAsync(await store.DeleteAsync(key, version.Stamp, cancellationToken), writer);
        await using IncomingObject incoming = store.Receive(key, whole: true);
        await incoming.WriteAsync(content, cancellationToken);
        return await CommitAsync(incoming, version, content.Length, writer, cancellationToken);
    }

    /// <summary>Not to be called off: what is on disk, and replication has not heard from whom, its replicas would be taken to have as well.</summary>
    private async Task<ObjectVersion> ToldAsync(CommitResult result, PeerRef? writer)
    {
        if (result is CommitResult.Superseded(ObjectVersion held))
            return held;
        var stored = (CommitResult.Stored)result;
        if (stored.IsNew)
            await replication.HandleAsync(new ReplicationEvent.Held(stored.Entry, writer), CancellationToken.None);
        return stored.Entry.Version;
    }
}
