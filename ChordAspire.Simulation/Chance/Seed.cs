namespace ChordAspire.Simulation;

/// <summary>The one number that a whole run is drawn from. Each use of chance has a generator of its own, so that one more peer does not reshuffle the others.</summary>
public readonly record struct Seed(ulong Number)
{
    /// <summary>The generator for one use by one peer. The same three always give the same numbers.</summary>
    /// <param name="use">What the numbers are for.</param>
    /// <param name="index">The peer's index in the run; 0 where the use belongs to no peer.</param>
    public Chance For(ChanceUse use, long index = 0)
    {
        ulong mixed = SplitMix64.Mix(unchecked(Number + 1));
        mixed = SplitMix64.Mix(mixed ^ unchecked((ulong)use * 0xd6e8feb86659fd93));
        return new Chance(SplitMix64.Mix(mixed ^ unchecked((ulong)index * 0xa0761d6478bd642f)));
    }

    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What random numbers are for. The numbers of the members are part of the seeds' meaning: never change them.</summary>
public enum ChanceUse
{
    /// <summary>Identifiers, sizes and all else that is settled before a run begins.</summary>
    Plan = 1,

    /// <summary>A peer's own timers.</summary>
    Timers = 2,

    /// <summary>What happens to the messages that a peer sends.</summary>
    Network = 3,

    /// <summary>Crashes, joins, leaves and the rest of churn.</summary>
    Faults = 4,

    /// <summary>Who looks up what, and when.</summary>
    Workload = 5,

    /// <summary>Where hosts lie, and how far apart.</summary>
    Places = 6,

    /// <summary>Disks, and the messages that carry objects.</summary>
    Storage = 7,
}
