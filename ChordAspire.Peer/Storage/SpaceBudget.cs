namespace ChordAspire.Peer;

/// <summary>What the store takes of its disk: bounded by the quota and by the free-space floor.</summary>
internal sealed class SpaceBudget(ObjectStoreOptions options, IDisk disk)
{
    /// <summary>What file systems mostly give out at once.</summary>
    private const int Unit = 4096;

    private long _taken;

    /// <summary>Bytes on disk, uploads under way included.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>What an object takes with its sidecar. A tombstone has a sidecar alone. Sizes are announced by clients, and may be anything up to the largest number.</summary>
    public static long BytesOnDisk(long size) => size <= long.MaxValue - (3 * Unit) ? ((size + Unit - 1) / Unit * Unit) + Unit : long.MaxValue;

    /// <exception cref="StorageRefusedException">The quota does not have so much left. Nothing is taken.</exception>
    public void Take(long bytes)
    {
        long taken = Interlocked.Add(ref _taken, bytes);
        if (bytes <= 0 || taken <= options.QuotaBytes)
            return;
        Interlocked.Add(ref _taken, -bytes);
        throw StorageRefusedException.OverQuota(options.QuotaBytes, taken - bytes, bytes);
    }

    /// <exception cref="StorageRefusedException">The quota does not have so much left.</exception>
    public void AssertInQuota(long bytes)
    {
        if (Taken > options.QuotaBytes - bytes)
            throw StorageRefusedException.OverQuota(options.QuotaBytes, Taken, bytes);
    }

    /// <summary>Takes without asking: what is on the disk already, and tombstones, without which nothing could be freed.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _taken, bytes);

    public void Release(long bytes) => Interlocked.Add(ref _taken, -bytes);

    /// <exception cref="StorageRefusedException">Writing so much would leave less free than the floor.</exception>
    public void AssertAboveFloor(long bytes)
    {
        long free = disk.FreeBytes(options.Directory);
        if (free - bytes < options.FreeSpaceFloorBytes)
            throw StorageRefusedException.UnderFloor(options.FreeSpaceFloorBytes, free, bytes);
    }

    public StorageRefusedException DiskFull(IOException error) =>
        StorageRefusedException.DiskFull(options.FreeSpaceFloorBytes, disk.FreeBytes(options.Directory), error);
}
