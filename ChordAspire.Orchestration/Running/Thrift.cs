using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>
/// Gives back memory that nobody uses. The runtime lets garbage grow to a share of the processor's cache before it looks at it, which is
/// tens of megabytes on a server; a host that starts fast and then does little would keep what its start has left for hours.
/// </summary>
internal sealed class Thrift(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Bytes worth a collection, which takes some ten milliseconds.</summary>
    private const long Worthwhile = 4_000_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long collectedAt = 0;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                long allocated = GC.GetTotalAllocatedBytes();
                if (allocated - collectedAt < Worthwhile)
                    continue;
                collectedAt = allocated;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }
}
