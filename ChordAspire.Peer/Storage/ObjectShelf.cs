using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The versions held: on disk first, then in the index. What is in the index is durable.</summary>
/// <remarks>
/// A version is committed by one rename, that of its sidecar, after its content has its place; the folder's flush makes both durable. Taking away goes
/// the other way round. Changes of one object happen one after the other; of different objects, at once.
/// </remarks>
internal sealed class ObjectShelf(IDisk disk, StoreFolder folder, DiskThreads threads, SpaceBudget budget, DamagedFolder damaged, ILogger logger)
{
    private readonly ObjectLocks _locks = new();
    private readonly Lock _gate = new();

    /// <summary>Folders in which lower versions were removed without a flush: before the higher one goes, they must be gone for good.</summary>
    private readonly bool[] _unflushedRemovals = new bool[ObjectFile.Shards];

    private ObjectIndex _index = ObjectIndex.Empty;
    private int _tombstones;

    public ObjectIndex Index => Volatile.Read(ref _index);

    /// <summary>A version has come to be held. Called in order for one object, on a thread of the disk: be quick.</summary>
    public event Action<ObjectEntry>? Changed;

    /// <summary>The key of an object has come to be held, or has gone.</summary>
    public event Action<string>? KeyChanged;

    /// <summary>A version is held no more, for it is damaged: a replica has to give it again.</summary>
    public event Action<DamagedObjectException>? SetAside;

    public event Action<DamagedObjectException>? SettingAside;

    /// <summary>Of what is held, the deletions.</summary>
    public int Tombstones => Volatile.Read(ref _tombstones);

    public void Start(ObjectIndex recovered)
    {
        _tombstones = recovered.All.Count(entry => entry.Version.Deleted);
        Volatile.Write(ref _index, recovered);
    }

    /// <summary>Holds a version whose files are written and flushed under temporary names.</summary>
    /// <param name="content">Null for a tombstone.</param>
    /// <exception cref="IOException">The disk failed. The version may be there when the store is opened again, or not.</exception>
    public async ValueTask<CommitResult> CommitAsync(
        ObjectEntry entry, string key, string? content, string sidecar, CancellationToken cancellationToken)
    {
        using ObjectLocks.Held _ = await _locks.TakeAsync(entry.Id, cancellationToken);
        ObjectVersion? held = Index.VersionOf(entry.Id);
        if (held == entry.Version)
            return new CommitResult.Stored(entry, IsNew: false);
        if (held > entry.Version)
            return new CommitResult.Superseded(held.Value);
        await threads.RunAsync(() => Commit(entry, key, content, sidecar));
        return new CommitResult.Stored(entry, IsNew: true);
    }

    /// <summary>Holds this version no more, unless another one has come in its place; whether it was held.</summary>
    public async ValueTask<bool> DropAsync(ObjectEntry entry, CancellationToken cancellationToken)
    {
        using ObjectLocks.Held _ = await _locks.TakeAsync(entry.Id, cancellationToken);
        if (!IsHeld(entry))
            return false;
        await threads.RunAsync(() =>
        {
            ForgetLowerVersions(entry);
            Withdraw(entry);
            Remove(entry);
        });
        return true;
    }

    /// <summary>Keeps a damaged version for people to look at, and serves it no more; whether it was held until now.</summary>
    public async ValueTask<bool> SetAsideAsync(DamagedObjectException damage, CancellationToken cancellationToken)
    {
        ObjectEntry entry = damage.Entry;
        using (await _locks.TakeAsync(entry.Id, cancellationToken))
        {
            if (!IsHeld(entry))
                return false;
            SettingAside?.Invoke(damage);
            Withdraw(entry);
            budget.Release(SpaceBudget.BytesOnDisk(entry.Size));
            await threads.RunAsync(() =>
            {
                ForgetLowerVersions(entry);
                damaged.Receive(folder.SidecarPath(entry), entry.Version.Deleted ? null : folder.ContentPath(entry));
            });
        }
        SetAside?.Invoke(damage);
        return true;
    }

    /// <summary>Removes a file that belongs to no version held; whether it was one.</summary>
    public async ValueTask<bool> RemoveOrphanAsync(ObjectFile file, CancellationToken cancellationToken)
    {
        // While a version is being committed its files look like orphans, but then the lock is taken.
        using ObjectLocks.Held _ = await _locks.TakeAsync(file.Entry.Id, cancellationToken);
        if (IsHeld(file.Entry))
            return false;
        await threads.RunAsync(() => disk.Delete(file.IsSidecar ? folder.SidecarPath(file.Entry) : folder.ContentPath(file.Entry)));
        return true;
    }

    public bool IsHeld(in ObjectEntry entry) => Index.TryGet(entry.Id, out ObjectEntry held) && held == entry;

    private void Commit(in ObjectEntry entry, string key, string? content, string sidecar)
    {
        string contentPath = folder.ContentPath(entry);
        string sidecarPath = folder.SidecarPath(entry);
        try
        {
            if (content is not null)
                disk.Rename(content, contentPath);
            disk.Rename(sidecar, sidecarPath);
            Flush(ObjectFile.ShardOf(entry.Id));
        }
        catch (IOException error)
        {
            TakeBack(content, contentPath, sidecar, sidecarPath);
            if (DiskErrors.IsFull(error))
                throw budget.DiskFull(error);
            throw;
        }
        Index.TryGet(entry.Id, out ObjectEntry before);
        lock (_gate)
        {
            _tombstones += (entry.Version.Deleted ? 1 : 0) - (before.Version.Deleted ? 1 : 0);
            Volatile.Write(ref _index, _index.With(entry));
        }
        KeyChanged?.Invoke(key);
        Changed?.Invoke(entry);
        if (before == default)
            return;
        _unflushedRemovals[ObjectFile.ShardOf(entry.Id)] = true;
        try
        {
            Remove(before);
        }
        catch (IOException error)
        {
            StorageLog.NotRemoved(logger, entry.Id, error.Message);
        }
    }

    /// <summary>Nobody will be told of this version, so it should not be found either. It can be tried again.</summary>
    private void TakeBack(string? content, string contentPath, string sidecar, string sidecarPath)
    {
        TryRename(sidecarPath, sidecar);
        if (content is not null)
            TryRename(contentPath, content);
    }

    private void TryRename(string from, string to)
    {
        try
        {
            disk.Rename(from, to);
        }
        catch (IOException)
        {
            // The disk that has failed fails again, or it had not come so far. What is left over goes at the next start, or counts as stored then.
        }
    }

    private void Withdraw(in ObjectEntry entry)
    {
        lock (_gate)
        {
            _tombstones -= entry.Version.Deleted ? 1 : 0;
            Volatile.Write(ref _index, _index.Without(entry.Id));
        }
    }

    private void Remove(in ObjectEntry entry)
    {
        budget.Release(SpaceBudget.BytesOnDisk(entry.Size));
        disk.Delete(folder.SidecarPath(entry));
        if (!entry.Version.Deleted)
            disk.Delete(folder.ContentPath(entry));
    }

    private void ForgetLowerVersions(in ObjectEntry entry)
    {
        int shard = ObjectFile.ShardOf(entry.Id);
        if (_unflushedRemovals[shard])
            Flush(shard);
    }

    private void Flush(int shard)
    {
        _unflushedRemovals[shard] = false;
        try
        {
            disk.FlushFolder(folder.Shard(shard));
        }
        catch
        {
            _unflushedRemovals[shard] = true;
            throw;
        }
    }
}
