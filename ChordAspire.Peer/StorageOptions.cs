namespace ChordAspire.Peer;

/// <summary>How a peer keeps objects, and copies of those of others.</summary>
internal sealed record StorageOptions
{
    /// <summary>Its own folder, and bounds.</summary>
    public required ObjectStoreOptions Store { get; init; }

    /// <summary>r_L: peers that hold each object, the owner among them. <c>Storage:Copies</c>, 1 to the length of the successor list, default 3; the same for all peers of a ring.</summary>
    public required int Copies { get; init; }

    /// <summary>Bytes that repair copies in a second, in both directions together. <c>Storage:RepairBytesPerSecond</c>, 64 KiB to 16 GiB, default 64 MiB: clients come first.</summary>
    public required long RepairBytesPerSecond { get; init; }

    /// <summary>From one round of replication to the next, give or take a quarter. <c>Storage:RoundInterval</c>, 50 ms to 1 min, default 1 s.</summary>
    public required TimeSpan RoundInterval { get; init; }

    /// <summary>How long a write waits for a slow replica when a majority has it on disk. <c>Storage:Patience</c>, 10 ms to 1 min, default 1 s.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>How long the next part of an object may take to come, or to be taken. <c>Storage:IdleTimeout</c>, 1 s to 10 min, default 30 s.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>What the slowest disk that is waited for takes to flush so many bytes: 32 MiB in a second.</summary>
    public static TimeSpan FlushTimeOf(long bytes) => TimeSpan.FromSeconds(bytes / (32.0 * 1024 * 1024));
}
