using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The objects of one peer, in a folder of its own, which it has alone. Safe for many callers at once.</summary>
/// <remarks>What was stored or deleted is on disk when the call returns, and found again whatever moment the process or the power ends at.</remarks>
internal sealed class ObjectStore : IAsyncDisposable
{
    /// <summary>Writers mostly wait for the disk to flush; the more of them wait at once, the more each flush does.</summary>
    private const int WritingThreadsMax = 32;
    private const int ReadingThreadsMax = 16;

    private readonly ObjectStoreOptions _options;
    private readonly IDisk _disk;
    private readonly ILogger _logger;
    private readonly IDisposable _lock;
    private readonly StoreFolder _folder;
    private readonly SpaceBudget _budget;
    private readonly ObjectShelf _shelf;
    private readonly ObjectListing _listing;
    private readonly DiskThreads _writing = new("disk writing", WritingThreadsMax);
    private readonly DiskThreads _reading = new("disk reading", ReadingThreadsMax);
    private readonly CancellationTokenSource _stopping = new();
    private Task _scrubbing = Task.CompletedTask;
    private int _incoming;
    private long _damaged;

    private ObjectStore(ObjectStoreOptions options, IDisk disk, StoreFolder folder, IDisposable held, TimeProvider time, ILogger logger)
    {
        (_options, _disk, _folder, _lock, _logger) = (options, disk, folder, held, logger);
        _budget = new SpaceBudget(options, disk);
        _shelf = new ObjectShelf(disk, folder, _writing, _budget, new DamagedFolder(disk, folder, time), logger);
        _shelf.SetAside += OnSetAside;
        _listing = new ObjectListing(options, _shelf, _reading, ReadKey);
        Scrub = new Scrub(options, _shelf, disk, folder, _reading, time, logger) { Open = (entry, cancellation) => OpenAsync(entry.Id, cancellation) };
    }

    /// <summary>A version has come to be held, a tombstone included. Called on a thread of the disk, in order for one object: be quick.</summary>
    public event Action<ObjectEntry>? Changed
    {
        add => _shelf.Changed += value;
        remove => _shelf.Changed -= value;
    }

    /// <summary>A version is held no more, because it is damaged: it should be fetched from a replica.</summary>
    public event Action<DamagedObjectException>? SetAside
    {
        add => _shelf.SetAside += value;
        remove => _shelf.SetAside -= value;
    }

    /// <summary>A version is about to be held no more, because it is damaged; <see cref="SetAside"/> follows. Be quick.</summary>
    public event Action<DamagedObjectException>? SettingAside
    {
        add => _shelf.SettingAside += value;
        remove => _shelf.SettingAside -= value;
    }

    /// <summary>What is held and durable.</summary>
    public ObjectIndex Index => _shelf.Index;

    /// <summary>Objects held, tombstones not among them.</summary>
    public int Objects => Index.Count - _shelf.Tombstones;

    /// <summary>Bytes on disk, uploads under way included, as the quota counts them.</summary>
    public long BytesOnDisk => _budget.Taken;

    /// <summary>Uploads under way.</summary>
    public int Incoming => Volatile.Read(ref _incoming);

    /// <summary>Objects set aside since the store was opened, whoever found them.</summary>
    public long DamagedObjects => Interlocked.Read(ref _damaged);

    public Scrub Scrub { get; }

    /// <exception cref="ObjectStoreException">The folder is in use, or of another ring or format.</exception>
    public static Task<ObjectStore> OpenAsync(ObjectStoreOptions options, TimeProvider time, ILogger logger) =>
        OpenAsync(options, new SystemDisk(), time, logger);

    internal static async Task<ObjectStore> OpenAsync(ObjectStoreOptions options, IDisk disk, TimeProvider time, ILogger logger)
    {
        long started = time.GetTimestamp();
        var folder = new StoreFolder(Path.GetFullPath(options.Directory));
        ObjectStore store = await Task.Factory.StartNew(
            () => Open(options, disk, folder, time, logger, started), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (options.ScrubBytesPerSecond > 0)
            store._scrubbing = store.Scrub.RunAsync(store._stopping.Token);
        return store;
    }

    /// <summary>Begins an upload.</summary>
    /// <param name="whole">All of it is here already: it waits for nobody, so that others who keep us waiting must not keep it out. It counts as no upload.</param>
    /// <exception cref="ArgumentException">The key cannot be one (<see cref="ObjectKey"/>).</exception>
    /// <exception cref="StorageRefusedException">No room, or too many uploads under way.</exception>
    public IncomingObject Receive(string key, bool whole = false)
    {
        ObjectKey.Assert(key);
        int counted = whole ? 0 : 1;
        if (Interlocked.Add(ref _incoming, counted) > _options.MaxIncoming && !whole)
        {
            Interlocked.Add(ref _incoming, -counted);
            throw StorageRefusedException.TooManyIncoming(_options.MaxIncoming);
        }
        try
        {
            var files = new IncomingFiles(_disk, _budget, _folder.NewIncoming());
            return new IncomingObject(
                key, ObjectPlace.IdOf(key, _options.RingBits), _shelf, _writing, _budget, files, ended: () => Interlocked.Add(ref _incoming, -counted));
        }
        catch
        {
            Interlocked.Add(ref _incoming, -counted);
            throw;
        }
    }

    /// <summary>Remembers that the object is deleted, and removes what is held of it, unless a version above this is held.</summary>
    /// <param name="stamp">Milliseconds since 1970.</param>
    public async ValueTask<CommitResult> DeleteAsync(string key, long stamp, CancellationToken cancellationToken)
    {
        ObjectKey.Assert(key);
        ArgumentOutOfRangeException.ThrowIfNegative(stamp);
        var entry = new ObjectEntry(ObjectPlace.IdOf(key, _options.RingBits), ObjectVersion.Tombstone(stamp), Size: 0);
        if (Index.VersionOf(entry.Id) is { } held && held > entry.Version)
            return new CommitResult.Superseded(held);
        var files = new IncomingFiles(_disk, _budget, _folder.NewIncoming());
        try
        {
            await _writing.RunAsync(() => files.WriteSidecar(Sidecar.Tombstone(key).ToBytes()));
            CommitResult result = await _shelf.CommitAsync(entry, key, content: null, files.Sidecar, cancellationToken);
            if (result is CommitResult.Stored { IsNew: true })
                _budget.Add(SpaceBudget.BytesOnDisk(0));
            else
                await _writing.RunAsync(() => files.End(delete: true));
            return result;
        }
        catch
        {
            await _writing.RunAsync(() => files.End(delete: true));
            throw;
        }
    }

    /// <exception cref="StorageRefusedException">An object of this size would find no room.</exception>
    public void AssertRoomFor(long size)
    {
        long bytes = SpaceBudget.BytesOnDisk(size);
        _budget.AssertInQuota(bytes);
        _budget.AssertAboveFloor(bytes);
    }

    /// <summary>The key of an object held, or of a tombstone; null when it cannot be read.</summary>
    public async ValueTask<string?> KeyOfAsync(ObjectEntry entry) => await _reading.RunAsync(() => ReadKey(entry));

    /// <summary>Opens what is held of an object for reading; null when nothing is, or it is deleted.</summary>
    /// <exception cref="DamagedObjectException">It is damaged, and has been set aside.</exception>
    public ValueTask<StoredObject?> OpenAsync(Identifier id, CancellationToken cancellationToken) => OpenAsync(id, key: null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(Identifier, CancellationToken)"/>
    /// <remarks>For a small object this is one file less to read than by identifier.</remarks>
    public ValueTask<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken) =>
        OpenAsync(ObjectPlace.IdOf(key, _options.RingBits), key, cancellationToken);

    /// <summary>Holds exactly this version no more: not a tombstone, nothing is remembered. False when it was not held.</summary>
    public ValueTask<bool> DropAsync(ObjectEntry entry, CancellationToken cancellationToken) => _shelf.DropAsync(entry, cancellationToken);

    /// <inheritdoc cref="ObjectListing.ListAsync"/>
    public IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? after, Arc? places, CancellationToken cancellationToken) =>
        _listing.ListAsync(prefix, after, places, cancellationToken);

    /// <summary>Ends what is under way on the disk, and lets another process have the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _scrubbing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _reading.DisposeAsync();
        await _writing.DisposeAsync();
        _lock.Dispose();
        _listing.Dispose();
        _stopping.Dispose();
    }

    private static ObjectStore Open(ObjectStoreOptions options, IDisk disk, StoreFolder folder, TimeProvider time, ILogger logger, long started)
    {
        disk.CreateFolder(folder.Root);
        IDisposable held = disk.Lock(folder.LockPath);
        try
        {
            folder.Prepare(disk, options.RingBits);
            var recovery = new StoreRecovery(disk, folder);
            ObjectIndex index = recovery.Run();
            var store = new ObjectStore(options, disk, folder, held, time, logger);
            store._budget.Add(recovery.BytesOnDisk);
            store._shelf.Start(index);
            StorageLog.Opened(logger, folder.Root, index.Count, store.BytesOnDisk, time.GetElapsedTime(started), recovery.Leftovers);
            return store;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private async ValueTask<StoredObject?> OpenAsync(Identifier id, string? key, CancellationToken cancellationToken)
    {
        while (Index.TryGet(id, out ObjectEntry entry) && !entry.Version.Deleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await _reading.RunAsync(() => StoredObject.Open(_disk, _folder, key, entry, _options.RingBits, _reading, SetAsideAsync));
            }
            catch (DamagedObjectException damage)
            {
                // Another version may have taken its place before its files were open.
                if (!_shelf.IsHeld(entry))
                    continue;
                await SetAsideAsync(damage);
                throw;
            }
        }
        return null;
    }

    private async ValueTask SetAsideAsync(DamagedObjectException damage) => await _shelf.SetAsideAsync(damage, CancellationToken.None);

    private void OnSetAside(DamagedObjectException damage)
    {
        Interlocked.Increment(ref _damaged);
        StorageLog.SetAside(_logger, damage.Entry.Id, damage.Entry.Version.Stamp, damage.Reason);
    }

    /// <summary>Null where the sidecar does not say it; opening the object will tell why.</summary>
    private string? ReadKey(ObjectEntry entry)
    {
        try
        {
            return Sidecar.Read(_disk, _folder.SidecarPath(entry), entry, _options.RingBits).Key;
        }
        catch (DamagedObjectException)
        {
            return null;
        }
    }
}
