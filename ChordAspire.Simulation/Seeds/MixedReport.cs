using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What a sweep of mixed rings found. Sums are over all runs; see <see cref="MixedOutcome"/>.</summary>
public sealed record MixedReport
{
    public required Seed From { get; init; }

    public required int Seeds { get; init; }

    public required int SeedPeers { get; init; }

    public int Held { get; init; }

    public ImmutableSortedDictionary<ContractBreach, int> OutOfContract { get; init; } = ImmutableSortedDictionary<ContractBreach, int>.Empty;

    /// <summary>Runs with a violation, by seed; the first thousand.</summary>
    public ImmutableArray<MixedOutcome> Violations { get; init; } = [];

    public ImmutableSortedDictionary<ViolationKind, int> ViolationsByKind { get; init; } = ImmutableSortedDictionary<ViolationKind, int>.Empty;

    public ImmutableSortedDictionary<FaultKind, long> OurFaults { get; init; } = ImmutableSortedDictionary<FaultKind, long>.Empty;

    public ImmutableSortedDictionary<FaultKind, long> SeedFaults { get; init; } = ImmutableSortedDictionary<FaultKind, long>.Empty;

    /// <summary>Runs with a bad seed peer, by what was wrong with it.</summary>
    public ImmutableSortedDictionary<SeedFlaw, int> Flaws { get; init; } = ImmutableSortedDictionary<SeedFlaw, int>.Empty;

    public ImmutableSortedDictionary<SeedFault, long> Reported { get; init; } = ImmutableSortedDictionary<SeedFault, long>.Empty;

    public long Taught { get; init; }

    public long Stranded { get; init; }

    /// <summary>Runs in which a bad seed peer keeps somebody next to it hidden.</summary>
    public int Hidden { get; init; }

    public long Lookups { get; init; }

    public long Events { get; init; }

    public long Checks { get; init; }

    public TimeSpan TimeToOrderMedian { get; init; }

    public TimeSpan TimeToOrderMax { get; init; }

    /// <summary>Stands for all runs; equal on every machine.</summary>
    public ulong Hash { get; init; }

    public bool Passed => ViolationsByKind.IsEmpty;

    internal MixedReport With(MixedOutcome outcome) => this with
    {
        Held = Held + (outcome.Verdict == RunVerdict.Held ? 1 : 0),
        OutOfContract = outcome is { Verdict: RunVerdict.OutOfContract, Breach: { } breach } ? Counted(OutOfContract, breach) : OutOfContract,
        ViolationsByKind = outcome.Violation is { } violation ? Counted(ViolationsByKind, violation.Kind) : ViolationsByKind,
        OurFaults = Sum(OurFaults, outcome.OurFaults),
        SeedFaults = Sum(SeedFaults, outcome.SeedFaults),
        Flaws = outcome.Plan.Seeds.Select(seed => seed.Flaw).FirstOrDefault(flaw => flaw != SeedFlaw.None) is var found && found != SeedFlaw.None ? Counted(Flaws, found) : Flaws,
        Reported = outcome.Reported.Aggregate(Reported, (sum, fault) => sum.SetItem(fault, sum.GetValueOrDefault(fault) + 1)),
        Taught = Taught + outcome.Taught,
        Stranded = Stranded + outcome.Stranded,
        Hidden = Hidden + (outcome.IsAnyHidden ? 1 : 0),
        Lookups = Lookups + outcome.Lookups,
        Events = Events + outcome.Events,
        Checks = Checks + outcome.Checks,
        Hash = unchecked(Hash + SplitMix64.Mix(outcome.Hash ^ SplitMix64.Mix(outcome.Plan.Seed.Number))),
    };

    private static ImmutableSortedDictionary<TKey, int> Counted<TKey>(ImmutableSortedDictionary<TKey, int> counts, TKey key)
        where TKey : notnull => counts.SetItem(key, counts.GetValueOrDefault(key) + 1);

    private static ImmutableSortedDictionary<FaultKind, long> Sum(ImmutableSortedDictionary<FaultKind, long> counts, IReadOnlyList<int> more)
    {
        for (int kind = 0; kind < more.Count; kind++)
        {
            if (more[kind] > 0)
                counts = counts.SetItem((FaultKind)kind, counts.GetValueOrDefault((FaultKind)kind) + more[kind]);
        }
        return counts;
    }
}
