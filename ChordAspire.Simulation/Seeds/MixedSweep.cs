namespace ChordAspire.Simulation;

/// <summary>Mixed rings of many seeds, on all cores; the report is the same however many cores there are.</summary>
public static class MixedSweep
{
    private const int ViolationsKept = 1000;

    /// <summary>The runs of <paramref name="count"/> seeds from <paramref name="from"/> on.</summary>
    /// <param name="seedPeers">The most seed peers in one ring.</param>
    /// <param name="progress">Told now and then how many are done; from any thread.</param>
    public static MixedReport Run(
        Seed from, int count, int seedPeers, MixedRules? rules = null, Action<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seedPeers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seedPeers, MixedPlanDrawer.SeedPeersMax);
        var gate = new Lock();
        var violations = new List<MixedOutcome>();
        var times = new TimeSpan[count];
        var total = new MixedReport { From = from, Seeds = count, SeedPeers = seedPeers };
        int done = 0;
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
        {
            var seed = new Seed(unchecked(from.Number + (ulong)index));
            MixedOutcome outcome = MixedRun.Run(MixedPlanDrawer.Draw(seed, seedPeers), rules ?? MixedRules.Production);
            times[index] = outcome.TimeToOrder;
            lock (gate)
            {
                total = total.With(outcome);
                if (outcome.Verdict == RunVerdict.Violated)
                    violations.Add(outcome);
            }
            if (Interlocked.Increment(ref done) % 64 == 0)
                progress?.Invoke(Volatile.Read(ref done));
        });
        Array.Sort(times);
        return total with
        {
            Violations = [.. violations.OrderBy(outcome => unchecked(outcome.Plan.Seed.Number - from.Number)).Take(ViolationsKept)],
            TimeToOrderMedian = times[count / 2],
            TimeToOrderMax = times[^1],
        };
    }
}
