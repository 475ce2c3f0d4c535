using System.Collections.Immutable;

namespace ChordAspire.Simulation;

/// <summary>What a sweep found.</summary>
public sealed record SweepReport
{
    public required Seed From { get; init; }

    public required int Seeds { get; init; }

    /// <summary>Within the contract, and everything held.</summary>
    public required int Held { get; init; }

    /// <summary>How many runs left the contract, by why.</summary>
    public required ImmutableSortedDictionary<ContractBreach, int> OutOfContract { get; init; }

    /// <summary>Of those, the ones whose ring became ideal all the same.</summary>
    public required int OutOfContractButIdeal { get; init; }

    /// <summary>Runs with a violation within the contract, by seed; at most <see cref="SweepTally.ViolationsKept"/> of them.</summary>
    public required ImmutableArray<RunOutcome> Violations { get; init; }

    /// <summary>All violations, by kind.</summary>
    public required ImmutableSortedDictionary<ViolationKind, int> ViolationsByKind { get; init; }

    public required Sightings Sightings { get; init; }

    public required ImmutableSortedDictionary<FaultKind, long> Faults { get; init; }

    public required long Events { get; init; }

    public required long Checks { get; init; }

    /// <summary>The most rounds that a run within the contract took to become ideal.</summary>
    public required int RoundsToIdealMax { get; init; }

    public required (long Ended, long Failed, long Off) LookupsUnderFaults { get; init; }

    /// <summary>Stands for all runs; equal on every machine for the same sweep.</summary>
    public required ulong Hash { get; init; }

    public int InContract => Seeds - OutOfContract.Values.Sum();

    /// <summary>No violation, and nothing that ought to happen now and then never did.</summary>
    public bool Passed => ViolationsByKind.IsEmpty && !Sightings.Missing.Any();
}
