namespace ChordAspire.Simulation;

/// <summary>What came of a sweep of runs with objects. The sums are over all runs; see <see cref="StorageOutcome"/>.</summary>
public sealed record StorageReport
{
    public required Seed From { get; init; }

    public required int Seeds { get; init; }

    /// <summary>Runs in which a promise was broken, by seed.</summary>
    public IReadOnlyList<StorageOutcome> Broken { get; init; } = [];

    public long Acknowledged { get; init; }

    public long Refused { get; init; }

    public long Reads { get; init; }

    public long QuietReads { get; init; }

    public long StaleInTurmoil { get; init; }

    public long StaleWhileCut { get; init; }

    public long WithFewerCopies { get; init; }

    public long Faults { get; init; }

    public long LostTogether { get; init; }

    public long FailedTogether { get; init; }

    public long Cuts { get; init; }

    /// <summary>Runs whose ring did not become one again after a cut.</summary>
    public long StayedApart { get; init; }

    public long Copied { get; init; }

    public long Dropped { get; init; }

    public TimeSpan RepairMedian { get; init; }

    public TimeSpan RepairMax { get; init; }

    /// <summary>Stands for all runs; equal on every machine.</summary>
    public ulong Hash { get; init; }

    public bool Passed => Broken.Count == 0;

    internal StorageReport With(StorageOutcome outcome) => this with
    {
        Acknowledged = Acknowledged + outcome.Acknowledged,
        Refused = Refused + outcome.Refused,
        Reads = Reads + outcome.Reads,
        QuietReads = QuietReads + outcome.QuietReads,
        StaleInTurmoil = StaleInTurmoil + outcome.StaleInTurmoil,
        StaleWhileCut = StaleWhileCut + outcome.StaleWhileCut,
        WithFewerCopies = WithFewerCopies + outcome.WithFewerCopies,
        Faults = Faults + outcome.Faults,
        LostTogether = LostTogether + outcome.LostTogether,
        FailedTogether = FailedTogether + outcome.FailedTogether,
        Cuts = Cuts + outcome.Cuts,
        StayedApart = StayedApart + (outcome.StayedApart ? 1 : 0),
        Copied = Copied + outcome.Copied,
        Dropped = Dropped + outcome.Dropped,
        // A sum does not depend on the order in which runs end.
        Hash = unchecked(Hash + outcome.Hash),
    };
}
