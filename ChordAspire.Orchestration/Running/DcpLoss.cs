using System.ComponentModel;
using System.Diagnostics;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>
/// What is done when the orchestrator dies in the middle of a run. Its processes die with it, and what they held in memory is lost, so a
/// silent new start would pretend that nothing happened: states are set right, waits end with the reason, and the application stops.
/// </summary>
internal sealed class DcpLoss(Breakdown breakdown, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DcpLoss> logger)
{
    // DCP's watchdogs and controllers look for each other every two seconds, and processes are given six to end.
    private static readonly TimeSpan LastProcessesLimit = TimeSpan.FromSeconds(9);

    private readonly Dictionary<string, int> _living = new(StringComparer.Ordinal);

    /// <summary>Keeps account of the processes there are.</summary>
    internal void Note(DcpChange change)
    {
        lock (_living)
        {
            if (change is { Kind: not DcpChangeKind.Deleted, Executable.Status: { State: DcpExecutableState.Running, Pid: { } pid } })
                _living[change.Executable.Metadata.Name] = pid;
            else
                _living.Remove(change.Executable.Metadata.Name);
        }
    }

    /// <summary>Returns when DCP was lost and everybody has been told, or when it is stopped in order.</summary>
    internal async Task WatchAsync(DcpSession session, IEnumerable<ResourceProcess> processes, CancellationToken stopped)
    {
        string said;
        try
        {
            said = await session.Lost.WaitAsync(stopped);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Log.OrchestratorLost(logger, said);
        foreach (ResourceProcess process in processes)
            await process.LoseAsync();
        breakdown.Report("Aspire's orchestrator (DCP) ended unexpectedly, and every process it ran ended with it");
        lifetime.StopApplication();
    }

    /// <summary>When DCP was lost: returns when the last of its processes has ended, which some need to be helped to.</summary>
    internal async Task SeeOutAsync()
    {
        if (breakdown.Reason is null)
            return;
        int[] left;
        lock (_living)
            left = [.. _living.Values];
        await Task.WhenAll(left.Select(SeeOutAsync));
    }

    private async Task SeeOutAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            using var limit = new CancellationTokenSource(LastProcessesLimit, time);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (process.HasExited)
                return;
            Log.LeftOverKilled(logger, id, process.ProcessName);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended, which is what we wait for.
        }
    }
}
