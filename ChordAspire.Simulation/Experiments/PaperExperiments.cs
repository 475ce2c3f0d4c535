using System.Collections.Immutable;

namespace ChordAspire.Simulation.Experiments;

/// <summary>The papers' figures and tables, in their order.</summary>
public static class PaperExperiments
{
    /// <summary>At the papers' sizes.</summary>
    public static ImmutableArray<Experiment> Full { get; } =
    [
        KeyLoad.Full, VirtualPeers.Full, PathLength.Full, LostKeys.Full, LookupsUnderCrashes.Full, LookupLatency.Full,
        SimultaneousFailures.Full, LookupsUnderChurn.Full, ServerSelection.Full,
    ];

    /// <summary>The same, small enough for a few seconds in all.</summary>
    public static ImmutableArray<Experiment> Quick { get; } =
    [
        KeyLoad.Quick, VirtualPeers.Quick, PathLength.Quick, LostKeys.Quick, LookupsUnderCrashes.Quick, LookupLatency.Quick,
        SimultaneousFailures.Quick, LookupsUnderChurn.Quick, ServerSelection.Quick,
    ];
}
