namespace ChordAspire.Simulation;

/// <summary>How peers store in a simulation; the production host's values by default.</summary>
public sealed record StorageOptions
{
    /// <summary>r_L, the copies of each object. Default 3.</summary>
    public int Copies { get; init; } = 3;

    /// <summary>Between two rounds of replication. Default 1 s, give or take a quarter.</summary>
    public Interval Round { get; init; } = Interval.Around(TimeSpan.FromSeconds(1));

    /// <summary>Until a write is on disk, once it has arrived.</summary>
    public Interval Flush { get; init; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));

    /// <summary>A call that moves or compares objects. Default 2 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a slow replica is waited for. Default 1 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A whole put or get, with all its tries. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Leaving, hand-over included. Default 4 s.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Part of writes that find the disk full. Default 0.</summary>
    public double DiskFull { get; init; }

    /// <summary>How far a peer's clock may be off. Default 50 ms: computers that keep their time by NTP are nearer.</summary>
    public TimeSpan ClockError { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Faults put in by hand, to see that the checker finds them.</summary>
    public StorageMutation Mutation { get; init; }
}

/// <summary>Ways to store wrongly.</summary>
public enum StorageMutation
{
    None,

    /// <summary>A write counts before it is on disk.</summary>
    AcknowledgeBeforeFlush,

    /// <summary>The last replica is told nothing, and counted.</summary>
    SkipOneReplica,

    /// <summary>A newcomer answers for its arc before it has compared it with anybody.</summary>
    AnswerUnsettled,

    /// <summary>The owner does not remember which replica a write went without.</summary>
    ForgetMissedCopy,

    /// <summary>Strays are forgotten without asking their owner.</summary>
    ForgetStrays,
}
