namespace ChordAspire.Simulation;

/// <summary>What came of one run with objects.</summary>
public sealed record StorageOutcome
{
    public required Seed Seed { get; init; }

    /// <summary>The first read that broke a promise; null: none did.</summary>
    public required Anomaly? Anomaly { get; init; }

    /// <summary>What was not as it should be when all had had time to repair; null: nothing.</summary>
    public required string? Unrepaired { get; init; }

    /// <summary>Writes and deletions that were acknowledged.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Those that were not, within their time.</summary>
    public required int Refused { get; init; }

    public required int Reads { get; init; }

    /// <summary>Reads during which the ring was whole and nothing changed in it: of these the strongest promise holds.</summary>
    public required int QuietReads { get; init; }

    /// <summary>Reads that returned something older than the last acknowledged write while peers came and went. Allowed, and counted.</summary>
    public required int StaleInTurmoil { get; init; }

    public required int Faults { get; init; }

    /// <summary>Objects that replication copied from peer to peer.</summary>
    public required long Copied { get; init; }

    /// <summary>Objects forgotten by peers that had no business with them any more.</summary>
    public required long Dropped { get; init; }

    /// <summary>From the end of the faults until every object was where it belongs and nowhere else.</summary>
    public required TimeSpan Repair { get; init; }

    public required ulong Hash { get; init; }

    public bool Held => Anomaly is null && Unrepaired is null;
}
