namespace ChordAspire.Peer;

/// <summary>Reads <c>Storage:*</c>.</summary>
internal sealed class StorageOptionsReader(SettingsReader settings)
{
    private const long KiB = 1024;
    private const long TiB = KiB * KiB * KiB * KiB;

    /// <param name="address">As advertised: it names the folder where no setting does.</param>
    public StorageOptions Read(string address, int ringBits, int successorListLength)
    {
        return new StorageOptions
        {
            Copies = settings.Number(["Storage:Copies"], Math.Min(3, successorListLength), 1, successorListLength),
            RepairBytesPerSecond = settings.Bytes("Storage:RepairBytesPerSecond", 64 * KiB * KiB, 64 * KiB, TiB / 64),
            RoundInterval = settings.Duration("Storage:RoundInterval", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)),
            Patience = settings.Duration("Storage:Patience", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            IdleTimeout = settings.Duration("Storage:IdleTimeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            Store = Read(new ObjectStoreOptions { Directory = Directory(address), RingBits = ringBits }),
        };
    }

    private ObjectStoreOptions Read(ObjectStoreOptions usual) => usual with
    {
        QuotaBytes = settings.Bytes(ObjectStoreOptions.QuotaSetting, usual.QuotaBytes, KiB * KiB, long.MaxValue),
        FreeSpaceFloorBytes = settings.Bytes(ObjectStoreOptions.FreeSpaceFloorSetting, usual.FreeSpaceFloorBytes, 0, 1024 * TiB),
        MaxIncoming = settings.Number([ObjectStoreOptions.MaxIncomingSetting], usual.MaxIncoming, 1, 65536),
        ScrubBytesPerSecond = settings.Bytes("Storage:ScrubBytesPerSecond", usual.ScrubBytesPerSecond, 0, TiB),
        ScrubPause = settings.Duration("Storage:ScrubPause", usual.ScrubPause, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
        TombstoneLife = settings.Duration("Storage:TombstoneLife", usual.TombstoneLife, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
    };

    private string Directory(string address)
    {
        (string name, string? value) = settings.Setting(ObjectStoreOptions.DirectorySetting);
        string directory = value ?? Path.Combine(".ring", address.Replace(':', '-').Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal));
        if (directory.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) >= 0)
            settings.Errors.Add($"{name} is '{value}'; allowed is the path of a folder for this peer alone.");
        return directory;
    }
}
