using System.Collections.Concurrent;

namespace ChordAspire.Simulation.Experiments;

/// <summary>What an experiment runs with: its seed, its share of the machine, and somebody to tell how far it is.</summary>
/// <param name="seed">All of the experiment's chance comes from it.</param>
/// <param name="parallelism">Trials at a time; does not change what is found.</param>
/// <param name="progress">Told of trials begun and done, from any thread.</param>
public sealed class ExperimentRun(Seed seed, int parallelism, Action<TrialProgress>? progress = null, CancellationToken cancellation = default)
{
    private int _all;
    private int _done;

    public CancellationToken Cancellation => cancellation;

    /// <summary>One trial for each item, some at a time; the outcomes are in the order of the items.</summary>
    /// <param name="trial">Given the item and a seed of its own.</param>
    public TOutcome[] ForEach<TItem, TOutcome>(IReadOnlyList<TItem> items, Func<TItem, Seed, TOutcome> trial)
    {
        int first = _all;
        _all += items.Count;
        var outcomes = new TOutcome[items.Count];
        progress?.Invoke(new TrialProgress(_done, _all));
        // One at a time to whoever is free: trials differ much in length.
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(0, items.Count), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellation },
            at =>
            {
                outcomes[at] = trial(items[at], SeedOf(first + at));
                progress?.Invoke(new TrialProgress(Interlocked.Increment(ref _done), _all));
            });
        return outcomes;
    }

    private Seed SeedOf(int trial) => new(SplitMix64.Mix(SplitMix64.Mix(seed.Number) + (ulong)trial));
}

/// <summary>How far an experiment is.</summary>
public readonly record struct TrialProgress(int Done, int All);
