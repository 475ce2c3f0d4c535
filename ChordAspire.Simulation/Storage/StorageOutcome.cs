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

    /// <summary>The same, from a cut of the network until the ring was whole again.</summary>
    public required int StaleWhileCut { get; init; }

    /// <summary>Of the acknowledged writes, those that some replica was not waited for or failed: they have fewer copies for a moment, and the writer was told.</summary>
    public required int WithFewerCopies { get; init; }

    public required int Faults { get; init; }

    /// <summary>How often at least two peers were lost at the same moment.</summary>
    public required int LostTogether { get; init; }

    /// <summary>How often as many peers as the ring can stand failed at the same moment, to come back with their disks.</summary>
    public required int FailedTogether { get; init; }

    /// <summary>How often the network was cut in two.</summary>
    public required int Cuts { get; init; }

    /// <summary>How long the last cut lasted; zero: there was none.</summary>
    public required TimeSpan CutFor { get; init; }

    /// <summary>After a cut the ring did not become one again. Nothing acknowledged was lost, but each part knows only its own.</summary>
    public required bool StayedApart { get; init; }

    /// <summary>Objects that replication copied from peer to peer.</summary>
    public required long Copied { get; init; }

    /// <summary>Objects forgotten by peers that had no business with them any more.</summary>
    public required long Dropped { get; init; }

    /// <summary>From the end of the faults until every object was where it belongs and nowhere else.</summary>
    public required TimeSpan Repair { get; init; }

    public required ulong Hash { get; init; }

    public bool Held => Anomaly is null && Unrepaired is null;
}
