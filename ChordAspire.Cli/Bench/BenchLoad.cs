using ChordAspire.Rpc;

namespace ChordAspire.Cli.Bench;

/// <summary>
/// Puts load on a ring for a time. Closed: so many clients, each beginning the next request when the one before has ended. Open: so many requests a
/// second, whether the ones before have ended or not; the latency of each counts from when it was to begin, so that a ring that stalls is not
/// asked less and praised for it (coordinated omission).
/// </summary>
/// <param name="warmUp">At the beginning, not measured.</param>
/// <param name="duration">Of the measurement.</param>
internal sealed class BenchLoad(BenchOperation operation, TimeSpan warmUp, TimeSpan duration, TimeProvider time)
{
    /// <summary>Requests under way in an open loop. A ring that falls so far behind is not keeping up; what is more is counted as failed.</summary>
    public const int MostUnderWay = 10_000;

    private readonly long _begun = time.GetTimestamp();
    private long _next = -1;
    private int _underWay;

    public BenchTally Tally { get; } = new(warmUp, warmUp + duration);

    /// <summary>How far it is, from 0 to 1.</summary>
    public double Share => Math.Min(1, Elapsed / (warmUp + duration));

    private TimeSpan Elapsed => time.GetElapsedTime(_begun);

    public async Task RunClosedAsync(int clients, CancellationToken cancellation)
    {
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(ClientAsync, cancellation))).ConfigureAwait(false);

        async Task ClientAsync()
        {
            for (TimeSpan start = Elapsed; start < warmUp + duration; start = Elapsed)
                await OnceAsync(start, cancellation).ConfigureAwait(false);
        }
    }

    /// <param name="rate">Requests a second.</param>
    public async Task RunOpenAsync(double rate, CancellationToken cancellation)
    {
        var running = new List<Task>();
        try
        {
            await BeginAllAsync(rate, running, cancellation).ConfigureAwait(false);
        }
        finally
        {
            // When it is given up too: what is under way may still store something.
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task BeginAllAsync(double rate, List<Task> running, CancellationToken cancellation)
    {
        long begun = 0;
        for (TimeSpan start = TimeSpan.Zero; start < warmUp + duration; start = TimeSpan.FromSeconds(++begun / rate))
        {
            TimeSpan early = start - Elapsed;
            if (early > TimeSpan.Zero)
                await Task.Delay(early, time, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _underWay) >= MostUnderWay)
            {
                Tally.Failed(start, "NotBegun");
                continue;
            }
            Interlocked.Increment(ref _underWay);
            TimeSpan intended = start;
            running.Add(Task.Run(
                async () =>
                {
                    await OnceAsync(intended, cancellation).ConfigureAwait(false);
                    Interlocked.Decrement(ref _underWay);
                },
                cancellation));
            if (running.Count > 2 * MostUnderWay)
                running.RemoveAll(static task => task.IsCompletedSuccessfully);
        }
    }

    private async Task OnceAsync(TimeSpan start, CancellationToken cancellation)
    {
        try
        {
            int? hops = await operation.RunAsync(Interlocked.Increment(ref _next), cancellation).ConfigureAwait(false);
            Tally.Done(start, Elapsed, hops);
        }
        catch (RefusedException refused)
        {
            Tally.Failed(start, refused.Reason.ToString());
        }
    }
}
