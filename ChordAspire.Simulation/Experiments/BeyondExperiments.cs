using System.Collections.Immutable;

namespace ChordAspire.Simulation.Experiments;

/// <summary>Experiments that the Chord papers did not make, or not so.</summary>
public static class BeyondExperiments
{
    /// <summary>Large enough to say something.</summary>
    public static ImmutableArray<Experiment> Full { get; } = [LookupsUnderChurn.FullWithCrashes, MaintenanceCost.Full, Partition.Full, LargestRing.Full];

    /// <summary>The same, small enough for some seconds in all.</summary>
    public static ImmutableArray<Experiment> Quick { get; } = [LookupsUnderChurn.QuickWithCrashes, MaintenanceCost.Quick, Partition.Quick, LargestRing.Quick];
}
