using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>All of one run, settled beforehand: drawn from a seed, or made smaller by the shrinker.</summary>
public sealed record RunPlan
{
    /// <summary>Latencies, losses and timers are drawn from it while the run goes on.</summary>
    public required Seed Seed { get; init; }

    /// <summary>Between which numbers the number of peers was drawn: with the seed, all that it takes to draw the plan again.</summary>
    public PlanSizes Sizes { get; init; } = PlanSizes.Default;

    public required ChordParameters Parameters { get; init; }

    public required NetworkOptions Network { get; init; }

    public PeerTimings Timings { get; init; } = new();

    /// <summary>Identifiers of all peers that ever take part; their place here is their host.</summary>
    public required ImmutableArray<Identifier> Peers { get; init; }

    /// <summary>How fast the clock of each peer runs, in the order of <see cref="Peers"/>; empty: all are right.</summary>
    public ImmutableArray<double> ClockRates { get; init; } = [];

    /// <summary>So many of them, from the first, form an ideal ring at the beginning. 1: the first starts a ring, and it grows from there.</summary>
    public required int PeersAtStart { get; init; }

    /// <summary>What goes wrong, in the order of time.</summary>
    public required ImmutableArray<PlannedFault> Faults { get; init; }

    /// <summary>When faults stop.</summary>
    public required TimeSpan FaultsEnd { get; init; }

    /// <summary>One lookup in this time on average while faults are at work; null: none.</summary>
    public TimeSpan? LookupEvery { get; init; }

    /// <summary>Whether crashes that Zave's contract does not allow happen all the same.</summary>
    public bool IgnoresContract { get; init; }
}

/// <summary>One thing that goes wrong, if it can at that moment: who is dead already cannot crash.</summary>
/// <param name="Host">Whom it concerns.</param>
/// <param name="Other">Another host, where two are concerned; through whom a peer joins.</param>
/// <param name="Lasting">How long it lasts, where it ends by itself; how long a crashed peer stays away.</param>
public readonly record struct PlannedFault(TimeSpan At, FaultKind Kind, int Host, int Other = 0, TimeSpan Lasting = default);

public enum FaultKind
{
    /// <summary>A peer that is not running starts, and joins.</summary>
    Join,

    /// <summary>A process dies and does not come back by itself.</summary>
    Crash,

    /// <summary>A process dies and starts again a while later, under the same identifier.</summary>
    Restart,

    /// <summary>A peer leaves in order.</summary>
    Leave,

    /// <summary>A process is suspended for a while.</summary>
    Pause,

    /// <summary>Messages from one host to another wait for a while.</summary>
    Hold,

    /// <summary>No message from one host reaches another for a while; the other way they do.</summary>
    CutOneWay,

    /// <summary>Two hosts do not reach each other for a while, though others reach both: the network is not transitive.</summary>
    CutBothWays,

    /// <summary>Two hosts, the two named, are cut off from all others for a while.</summary>
    Partition,
}
