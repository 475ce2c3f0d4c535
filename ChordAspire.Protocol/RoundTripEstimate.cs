namespace ChordAspire.Protocol;

/// <summary>How long a neighbour takes to answer, and how long to wait for it: mean + 4 × mean deviation (Jacobson 1988; for overlays, Rhea et al. 2004).</summary>
/// <param name="Mean">Smoothed round trip, in ticks of 100 ns; 0 before the first sample.</param>
/// <param name="Deviation">Smoothed distance of a sample from the mean, in ticks.</param>
public readonly record struct RoundTripEstimate(long Mean, long Deviation)
{
    /// <summary>With one more answer counted in: gains 1/8 for the mean and 1/4 for the deviation.</summary>
    public RoundTripEstimate With(TimeSpan sample)
    {
        long ticks = Math.Max(1, sample.Ticks);
        if (Mean == 0)
            return new RoundTripEstimate(ticks, ticks / 2);
        long error = ticks - Mean;
        return new RoundTripEstimate(Math.Max(1, Mean + (error / 8)), Deviation + ((Math.Abs(error) - Deviation) / 4));
    }

    /// <summary>The time after which silence counts, within these bounds; the upper one before the first sample.</summary>
    public TimeSpan Timeout(TimeSpan min, TimeSpan max)
    {
        if (Mean == 0)
            return max;
        long ticks = Mean + (4 * Deviation);
        return TimeSpan.FromTicks(Math.Clamp(ticks, min.Ticks, max.Ticks));
    }
}
