using System.Collections.Concurrent;

namespace ChordAspire.Simulation;

/// <summary>Runs with objects of many seeds, on all cores; the report is the same however many cores there are.</summary>
public static class StorageSweep
{
    /// <summary>The runs of <paramref name="count"/> seeds from <paramref name="from"/> on.</summary>
    /// <param name="mutation">A fault put in by hand.</param>
    /// <param name="progress">Told now and then how many are done; from any thread.</param>
    public static StorageReport Run(
        Seed from,
        int count,
        StorageMutation mutation = StorageMutation.None,
        Action<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var broken = new ConcurrentBag<StorageOutcome>();
        var repairs = new TimeSpan[count];
        var total = new StorageReport { From = from, Seeds = count };
        int done = 0;
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
        {
            StorageOutcome outcome = StorageRun.Run(new Seed(unchecked(from.Number + (ulong)index)), mutation);
            repairs[index] = outcome.Repair;
            if (!outcome.Held)
                broken.Add(outcome);
            lock (broken)
                total = total.With(outcome);
            if (Interlocked.Increment(ref done) % 16 == 0)
                progress?.Invoke(Volatile.Read(ref done));
        });
        Array.Sort(repairs);
        return total with
        {
            Broken = [.. broken.OrderBy(outcome => unchecked(outcome.Seed.Number - from.Number))],
            RepairMedian = repairs[count / 2],
            RepairMax = repairs[^1],
        };
    }
}
