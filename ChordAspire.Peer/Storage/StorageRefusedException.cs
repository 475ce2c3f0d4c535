namespace ChordAspire.Peer;

/// <summary>A bound of this peer's storage is reached. What was being stored has left nothing behind once it is disposed of.</summary>
internal sealed class StorageRefusedException : Exception
{
    private StorageRefusedException(string message, string setting, long limit, long held, Exception? inner = null)
        : base(message, inner) => (Setting, Limit, Held) = (setting, limit, held);

    /// <summary>The setting whose bound it is.</summary>
    public string Setting { get; }

    /// <summary>Bytes, or uploads for <see cref="ObjectStoreOptions.MaxIncomingSetting"/>.</summary>
    public long Limit { get; }

    /// <summary>What is taken of the limit; for the floor, what is free.</summary>
    public long Held { get; }

    public static StorageRefusedException OverQuota(long limit, long held, long asked) => new(
        $"This peer's objects take {held} bytes on disk and may take {limit} ({ObjectStoreOptions.QuotaSetting}); {asked} more do not fit.",
        ObjectStoreOptions.QuotaSetting, limit, held);

    public static StorageRefusedException UnderFloor(long floor, long free, long asked) => new(
        $"The disk has {free} bytes free, of which {floor} are to stay free ({ObjectStoreOptions.FreeSpaceFloorSetting}); {asked} more do not fit.",
        ObjectStoreOptions.FreeSpaceFloorSetting, floor, free);

    public static StorageRefusedException DiskFull(long floor, long free, Exception inner) => new(
        $"The disk is full: {free} bytes are free; {floor} were to stay free ({ObjectStoreOptions.FreeSpaceFloorSetting}).",
        ObjectStoreOptions.FreeSpaceFloorSetting, floor, free, inner);

    public static StorageRefusedException TooManyIncoming(int limit) => new(
        $"{limit} uploads are under way at this peer, and no more may be ({ObjectStoreOptions.MaxIncomingSetting}).",
        ObjectStoreOptions.MaxIncomingSetting, limit, limit);
}
