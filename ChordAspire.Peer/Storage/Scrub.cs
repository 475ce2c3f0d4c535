using System.Security.Cryptography;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>Reads everything held, slowly, again and again: finds what has rotted, ends old tombstones, removes what belongs to nothing.</summary>
internal sealed class Scrub(
    ObjectStoreOptions options, ObjectShelf shelf, IDisk disk, StoreFolder folder, DiskThreads threads, TimeProvider time, ILogger logger)
{
    /// <summary>What looking at an object costs, even a small one, in bytes read.</summary>
    private const int CostOfOpening = 8 * 1024;

    /// <summary>The longest stretch without a pause.</summary>
    private static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _buffer = new byte[ContentHasher.BlockSize];
    private long _owed;
    private long _objects;
    private long _bytes;
    private long _damaged;
    private long _tombstonesEnded;
    private long _orphansRemoved;
    private long _rounds;

    /// <summary>Objects verified since the store was opened.</summary>
    public long Objects => Interlocked.Read(ref _objects);

    /// <summary>Bytes of content verified.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Objects it found damaged, and set aside.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    public long TombstonesEnded => Interlocked.Read(ref _tombstonesEnded);

    /// <summary>Files that belonged to no version held.</summary>
    public long OrphansRemoved => Interlocked.Read(ref _orphansRemoved);

    /// <summary>Rounds ended.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>Opens an entry for reading; null when it is not held any more.</summary>
    public required Func<ObjectEntry, CancellationToken, ValueTask<StoredObject?>> Open { get; init; }

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(options.ScrubPause, time, stopping);
            try
            {
                await RoundAsync(stopping);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                StorageLog.ScrubFailed(logger, error.Message);
            }
        }
    }

    /// <summary>Looks at everything once.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        // By identifier, each looked up after the last: an index held for a whole round would be a second one in memory.
        Span<byte> ones = stackalloc byte[ObjectPlace.Bits / 8];
        ones.Fill(byte.MaxValue);
        Identifier end = Identifier.FromBigEndian(ObjectPlace.Bits, ones);
        Identifier last = end;
        while (shelf.Index is { Count: > 0 } index)
        {
            ObjectEntry entry = index.AtOn(new Arc(last, last), 0);
            if (last != end && entry.Id <= last)
                break;
            await LookAtAsync(entry, cancellationToken);
            last = entry.Id;
            if (last == end)
                break;
        }
        for (int shard = 0; shard < ObjectFile.Shards; shard++)
            await RemoveOrphansAsync(shard, cancellationToken);
        Interlocked.Increment(ref _rounds);
    }

    private async ValueTask LookAtAsync(ObjectEntry entry, CancellationToken cancellationToken)
    {
        if (!entry.Version.Deleted)
        {
            await VerifyAsync(entry, cancellationToken);
            return;
        }
        TimeSpan age = TimeSpan.FromMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds() - entry.Version.Stamp);
        if (age > options.TombstoneLife && await shelf.DropAsync(entry, cancellationToken))
            Interlocked.Increment(ref _tombstonesEnded);
    }

    private async ValueTask VerifyAsync(ObjectEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await using StoredObject? opened = await Open(entry, cancellationToken);
            await PayAsync(CostOfOpening, cancellationToken);
            if (opened is null)
                return;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long offset = 0; offset < entry.Size;)
            {
                int read = await opened.ReadAsync(offset, _buffer, cancellationToken);
                hash.AppendData(_buffer, 0, read);
                offset += read;
                Interlocked.Add(ref _bytes, read);
                await PayAsync(read, cancellationToken);
            }
            Interlocked.Increment(ref _objects);
            if (ContentHash.FromBytes(hash.GetHashAndReset()) == entry.Version.Hash)
                return;
            if (await shelf.SetAsideAsync(new DamagedObjectException(entry, "Its SHA-256 is wrong."), cancellationToken))
                Interlocked.Increment(ref _damaged);
        }
        catch (DamagedObjectException)
        {
            // It has been set aside, and whoever follows the store has been told.
            Interlocked.Increment(ref _damaged);
        }
    }

    private async ValueTask RemoveOrphansAsync(int shard, CancellationToken cancellationToken)
    {
        List<ObjectFile> suspects = await threads.RunAsync(() =>
        {
            List<ObjectFile> found = [];
            disk.List(folder.Shard(shard), name =>
            {
                if (ObjectFile.TryParse(name, out ObjectFile file) && ObjectFile.ShardOf(file.Entry.Id) == shard && !shelf.IsHeld(file.Entry))
                    found.Add(file);
            });
            return found;
        });
        foreach (ObjectFile suspect in suspects)
        {
            if (await shelf.RemoveOrphanAsync(suspect, cancellationToken))
                Interlocked.Increment(ref _orphansRemoved);
        }
    }

    /// <summary>Waits as long as reading so much should take.</summary>
    private async ValueTask PayAsync(int bytes, CancellationToken cancellationToken)
    {
        if (options.ScrubBytesPerSecond <= 0)
            return;
        _owed += bytes;
        var due = TimeSpan.FromSeconds((double)_owed / options.ScrubBytesPerSecond);
        if (due < Stretch)
            return;
        _owed = 0;
        await Task.Delay(due, time, cancellationToken);
    }
}
