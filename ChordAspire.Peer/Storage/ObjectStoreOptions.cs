namespace ChordAspire.Peer;

/// <summary>How a peer keeps objects on its disk.</summary>
internal sealed record ObjectStoreOptions
{
    public const string DirectorySetting = "Storage:Directory";
    public const string QuotaSetting = "Storage:QuotaBytes";
    public const string FreeSpaceFloorSetting = "Storage:FreeSpaceFloorBytes";
    public const string MaxIncomingSetting = "Storage:MaxIncoming";

    /// <summary>The folder of this peer alone. Made where it is missing; refused where another process uses it, or another ring made it.</summary>
    public required string Directory { get; init; }

    /// <summary>Width of the ring's identifiers: it decides where objects lie, so a folder never serves rings of two widths.</summary>
    public required int RingBits { get; init; }

    /// <summary>Bytes on disk at the most, counted in blocks of 4 KiB, uploads under way included. Default: no bound but the floor.</summary>
    public long QuotaBytes { get; init; } = long.MaxValue;

    /// <summary>Bytes of the file system that are left free. Default 256 MiB: a full disk is everyone's trouble.</summary>
    public long FreeSpaceFloorBytes { get; init; } = 256 << 20;

    /// <summary>Uploads under way at once. Default 256; each may hold one block (256 KiB) in memory.</summary>
    public int MaxIncoming { get; init; } = 256;

    /// <summary>Bytes the scrub reads in a second, on average. Default 8 MiB; 0 means no scrub.</summary>
    public long ScrubBytesPerSecond { get; init; } = 8 << 20;

    /// <summary>From the end of one round of the scrub to the beginning of the next. Default 10 minutes.</summary>
    public TimeSpan ScrubPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a deletion is remembered. A peer that was away for longer may bring a deleted object back. Default 30 days.</summary>
    public TimeSpan TombstoneLife { get; init; } = TimeSpan.FromDays(30);
}
