namespace ChordAspire.Simulation;

/// <summary>Many seeds, one after the other in number and on all cores in time; the report is the same however many cores there are.</summary>
public static class Sweep
{
    /// <summary>Runs the plans of <paramref name="count"/> seeds from <paramref name="from"/> on.</summary>
    /// <param name="progress">Told now and then how many are done; from any thread.</param>
    /// <param name="sizes">How many peers take part; null: the default.</param>
    public static SweepReport Run(
        Seed from,
        int count,
        RunRules? rules = null,
        PlanSizes? sizes = null,
        Action<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var total = new SweepTally();
        int done = 0;
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new SweepTally(),
            (index, _, tally) =>
            {
                var seed = new Seed(unchecked(from.Number + (ulong)index));
                tally.Count(PlanRun.Run(PlanDrawer.Draw(seed, sizes ?? PlanSizes.Default), rules ?? RunRules.Production));
                if (Interlocked.Increment(ref done) % 256 == 0)
                    progress?.Invoke(Volatile.Read(ref done));
                return tally;
            },
            tally =>
            {
                lock (total)
                    total.Add(tally);
            });
        return total.Report(from, count);
    }
}
