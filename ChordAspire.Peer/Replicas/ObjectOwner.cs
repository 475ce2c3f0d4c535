using System.Diagnostics;
using System.Security.Cryptography;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>
/// Writes and reads at the owner of a key. A write goes to the own disk and to the replicas at the same time, and is acknowledged when all have it on disk, or
/// a majority when somebody is slow (<see cref="WriteTally"/>).
/// </summary>
internal sealed class ObjectOwner(
    PeerLoop ring, OwnRing own, SeedValues seeds, ReplicationLoop replication, ObjectStore store, CopyCaller caller, CopyIntake intake, StorageTelemetry telemetry,
    PeerOptions options, TimeProvider time,
    ILogger<ObjectOwner> logger)
{
    private readonly KeyedLocks _writing = new();

    /// <summary>The object's identifier, when this peer owns it.</summary>
    /// <exception cref="RefusedException">It does not; or it is leaving.</exception>
    public Identifier AssertOwned(string key)
    {
        Identifier id = ObjectPlace.IdOf(key, options.Ring.Bits);
        return Owns(id) ? id : throw new RefusedException(Refusal.NotOwner, $"Peer {options.Self} does not own '{key}' at {ObjectPlace.Of(id, options.Ring.Bits)}; look up again.");
    }

    /// <summary>The object's identifier, when this peer owns it; what a seed peer has of it, which owns its place on the ring, is taken in first.</summary>
    /// <exception cref="RefusedException">It does not; or what the seed peer has could not be stored.</exception>
    public async Task<Identifier> FindOwnedAsync(string key, CancellationToken cancellationToken)
    {
        Identifier id = AssertOwned(key);
        if (await seeds.FindNewsAsync(key, id) is { } news)
            await TakeInAsync(id, key, news, cancellationToken);
        return id;
    }

    /// <summary>Stores a small object.</summary>
    /// <exception cref="RefusedException">Not the owner, no room, not enough copies, or not what was sent.</exception>
    public async Task<StoredAt> PutAsync(string key, ReadOnlyMemory<byte> content, ContentHash? announced, CancellationToken cancellationToken)
    {
        Identifier id = AssertOwned(key);
        ContentHash hash = ContentHash.FromBytes(SHA256.HashData(content.Span));
        if (announced is { } wanted && wanted != hash)
            throw new RefusedException(Refusal.Corrupted, $"{content.Length} bytes with SHA-256 {hash} arrived; {wanted} was announced.");
        return await WriteAsync(id, SmallWrite(key, content, hash), cancellationToken);
    }

    /// <summary>Begins to store an object of any size.</summary>
    /// <param name="size">Bytes to come, 0 when not known.</param>
    /// <exception cref="RefusedException">Not the owner.</exception>
    /// <exception cref="StorageRefusedException">No room, or too many uploads under way.</exception>
    public OwnedUpload BeginPut(string key, long size)
    {
        Identifier id = AssertOwned(key);
        store.AssertRoomFor(size);
        return new OwnedUpload(this, id, key, intake, Replicas().Select(replica => new ReplicaUpload(replica, key, caller, options.Storage, time)));
    }

    /// <summary>Has what was uploaded as the newest version of its object.</summary>
    public Task<StoredAt> CommitAsync(
        Identifier id, ContentHash hash, long size, Func<ObjectVersion, Task<ObjectVersion>> own, ReplicaWrite[] replicas, CancellationToken cancellationToken) =>
        WriteAsync(id, new ObjectWrite(stamp => new ObjectVersion(stamp, Deleted: false, hash), own, replicas, size), cancellationToken);

    /// <summary>Deletes an object; null where there is none.</summary>
    /// <exception cref="RefusedException">Not the owner, or not enough copies of the deletion.</exception>
    public async Task<StoredAt?> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Identifier id = await FindOwnedAsync(key, cancellationToken);
        if ((await FindNewestAsync(id, cancellationToken)).Version is not { Deleted: false })
            return null;
        return await WriteAsync(id, WriteOf(key, ObjectVersion.Tombstone, default), cancellationToken);
    }

    /// <summary>The newest version that was acknowledged: ours, or while we have not settled the highest of all who may have it.</summary>
    /// <exception cref="RefusedException">Somebody who may have it does not answer.</exception>
    public async Task<NewestVersion> FindNewestAsync(Identifier id, CancellationToken cancellationToken)
    {
        NewestVersion newest = FindHeld(id);
        // What is not there may have been until a moment ago, and damaged: the state says so as soon as it knows.
        if (newest.Version is null && replication.IsLosing(id))
            throw new RefusedException(Refusal.Unavailable, "The copy here is damaged and is being set aside; try again.");
        ReplicationState state = replication.State;
        if (newest.Version is null)
            newest = FindHeld(id);
        PeerRef[] unheard = [.. state.Unheard];
        CallResult<HeldVersion?>[] answers = await Task.WhenAll(unheard.Select(peer => caller.AskVersionAsync(peer, id, options.CallTimeoutMax, cancellationToken)));
        for (int i = 0; i < unheard.Length; i++)
        {
            if (!answers[i].IsAnswered)
                throw new RefusedException(Refusal.Unavailable, $"Peer {options.Self} owns the key since a short while, and {unheard[i]}, which may hold it, does not answer; try again.");
            if (answers[i].Value is { } version && (newest.Version is null || version.Version > newest.Version))
                newest = new NewestVersion(version.Version, version.Size, unheard[i]);
        }
        return replication.State.Own is null
            ? throw new RefusedException(Refusal.NotOwner, $"Peer {options.Self} does not know yet what it owns; look up again.")
            : newest;
    }

    /// <summary>Who should hold copies of what this peer owns, nearest first.</summary>
    public PeerRef[] Replicas() => replication.State.Replicas.ToArray();

    private NewestVersion FindHeld(Identifier id) =>
        store.Index.TryGet(id, out ObjectEntry held) ? new NewestVersion(held.Version, held.Size, At: null) : default;

    private bool Owns(Identifier id) =>
        ring.State is { Phase: MemberPhase.Member } state && Routing.Owns(own.Without(state), ObjectPlace.Of(id, options.Ring.Bits)) && replication.State.Owns(id);

    private async Task<bool> StoreCopyAsync(PeerRef replica, string key, ObjectVersion version, ReadOnlyMemory<byte> content)
    {
        using Activity? span = PeerTelemetry.StartCopy(replica);
        CallResult<ObjectVersion> result = await caller.StoreCopyAsync(replica, key, version, content, leaving: false, options.CallTimeoutMax + options.Storage.Patience, CancellationToken.None);
        return result.IsAnswered
            ? result.Value == version
            : throw new RefusedException(result.Reason ?? Refusal.Unavailable, result.Detail ?? "It is silent.");
    }

    private ObjectWrite SmallWrite(string key, ReadOnlyMemory<byte> content, ContentHash hash)
    {
        // Before anybody else writes it: what one disk has no room for is not to turn up at others.
        store.AssertRoomFor(content.Length);
        return WriteOf(key, stamp => new ObjectVersion(stamp, Deleted: false, hash), content);
    }

    private ObjectWrite WriteOf(string key, Func<long, ObjectVersion> versionOf, ReadOnlyMemory<byte> content) => new(
        versionOf,
        version => intake.StoreAsync(key, version, content, writer: null, CancellationToken.None),
        [.. Replicas().Select(replica => new ReplicaWrite(replica, version => StoreCopyAsync(replica, key, version, content)))],
        content.Length);

    /// <summary>Stores what a client has given to the seed peer that keeps the key, unless somebody has written the object here since the seed peer was asked.</summary>
    private async Task TakeInAsync(Identifier id, string key, SeedNews news, CancellationToken cancellationToken)
    {
        ObjectWrite write = SmallWrite(key, news.Content, ContentHash.FromBytes(SHA256.HashData(news.Content)));
        using IDisposable turn = await _writing.TakeAsync(id, cancellationToken);
        if (store.Index.VersionOf(id) == news.Before)
            await WriteInTurnAsync(id, write, cancellationToken);
    }

    private async Task<StoredAt> WriteAsync(Identifier id, ObjectWrite write, CancellationToken cancellationToken)
    {
        using IDisposable? underWay = seeds.BeginWrite(id);
        StoredAt stored;
        using (await _writing.TakeAsync(id, cancellationToken))
            stored = await WriteInTurnAsync(id, write, cancellationToken);
        await seeds.PassOnAsync(id);
        return stored;
    }

    private async Task<StoredAt> WriteInTurnAsync(Identifier id, ObjectWrite write, CancellationToken cancellationToken)
    {
        (Func<long, ObjectVersion> versionOf, Func<ObjectVersion, Task<ObjectVersion>> own, ReplicaWrite[] replicas, long size) = write;
        NewestVersion newest = await FindNewestAsync(id, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectVersion version = versionOf(ObjectVersion.NextStamp(time.GetUtcNow().ToUnixTimeMilliseconds(), newest.Version));
        // From here on nobody can call it off: half of the copies of a write that its client has given up would come to light at some time.
        PeerRef[] peers = [.. replicas.Select(replica => replica.Replica)];
        if (Faults.AcknowledgesBeforeFlush)
            (own, replicas) = Faults.Later(own, replicas, time);
        var count = new WriteCount(version, peers);
        _ = count.FollowOwnAsync(own(version));
        foreach (ReplicaWrite replica in replicas)
        {
            bool isSkipped = Faults.SkipsOneReplica && replica == replicas[^1];
            _ = count.FollowReplicaAsync(replica.Replica, isSkipped ? Task.FromResult(true) : replica.Commit(version));
        }
        if (!await count.EndedAsync(options.Storage.Patience + StorageOptions.FlushTimeOf(size), time))
        {
            RefusedException failure = count.Failure;
            Log.WriteFailed(logger, ObjectPlace.Of(id, options.Ring.Bits), failure.Message);
            throw failure;
        }
        foreach (PeerRef missing in count.Missing.Union(Replicas().Except(peers)))
            await replication.PostAsync(new ReplicationEvent.CopyMissed(missing), CancellationToken.None);
        // Whoever has become owner meanwhile may not have seen it.
        if (!Owns(id))
            throw new RefusedException(Refusal.NotOwner, $"Peer {options.Self} ceased to own the key while it was stored; look up again.");
        telemetry.CountWrite(allCopies: count.Done == 1 + peers.Length);
        return new StoredAt(version, count.Done);
    }
}

/// <summary>The newest version of an object.</summary>
/// <param name="Version">Null where there is none.</param>
/// <param name="At">Who holds it; null: this peer itself.</param>
internal readonly record struct NewestVersion(ObjectVersion? Version, long Size, PeerRef? At);

/// <summary>A copy of a write, at a replica.</summary>
/// <param name="Commit">Has it on disk there as this version; false when it is not, or <see cref="RefusedException"/> where the reason is known.</param>
internal sealed record ReplicaWrite(PeerRef Replica, Func<ObjectVersion, Task<bool>> Commit);

/// <summary>What is written as one version of an object.</summary>
/// <param name="VersionOf">The version with a stamp.</param>
/// <param name="Own">Has it on the own disk; ends with the version that the disk holds then.</param>
/// <param name="Size">Bytes.</param>
internal sealed record ObjectWrite(Func<long, ObjectVersion> VersionOf, Func<ObjectVersion, Task<ObjectVersion>> Own, ReplicaWrite[] Replicas, long Size);
