using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What came of one run of a mixed ring.</summary>
public sealed record MixedOutcome
{
    public required MixedPlan Plan { get; init; }

    public required RunVerdict Verdict { get; init; }

    public Violation? Violation { get; init; }

    public ContractBreach? Breach { get; init; }

    /// <summary>Equal on every machine for the same plan.</summary>
    public required ulong Hash { get; init; }

    public required long Events { get; init; }

    public required long Checks { get; init; }

    /// <summary>From the end of faults to the ordered ring.</summary>
    public required TimeSpan TimeToOrder { get; init; }

    /// <summary>Faults that happened to our peers, by kind, and to seed peers.</summary>
    public required IReadOnlyList<int> OurFaults { get; init; }

    public required IReadOnlyList<int> SeedFaults { get; init; }

    /// <summary>What our peers found seed peers to get wrong; each seed peer's fault once.</summary>
    public required ImmutableArray<SeedFault> Reported { get; init; }

    /// <summary>How often a seed peer was told of a successor.</summary>
    public required long Taught { get; init; }

    /// <summary>Seed peers that serve calls at the end, but are in no ring of ours.</summary>
    public required int Stranded { get; init; }

    /// <summary>Whether a bad seed peer keeps somebody next to it hidden from the one before.</summary>
    public required bool IsAnyHidden { get; init; }

    /// <summary>Each seed peer as it was at the end, in words.</summary>
    public required ImmutableArray<string> SeedPeers { get; init; }

    /// <summary>Lookups in the ordered ring, each of which named the owner.</summary>
    public required int Lookups { get; init; }
}

/// <summary>What a mixed run is measured by.</summary>
public sealed record MixedRules
{
    public static MixedRules Production { get; } = new();

    /// <summary>What stands between our peers and their calls to seed peers, for faults put in by hand.</summary>
    public Func<ISeedCalls, ISeedCalls>? SeedCalls { get; init; }

    /// <summary>Sees every event of a run.</summary>
    public Func<SimulatedRing, IRingObserver>? Observer { get; init; }
}
