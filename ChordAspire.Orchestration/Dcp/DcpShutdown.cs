using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Takes leave of DCP: it cleans up, says so, and ends.</summary>
internal sealed class DcpShutdown(DcpApi api, DcpExecutables executables, DcpFolders folders, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    internal async Task RunAsync(TimeSpan limit)
    {
        long since = time.GetTimestamp();

        // A fifth is kept for the last word, so that DCP hears it even when cleaning takes too long.
        bool isLate = await CleanAsync(limit * 0.8);
        TimeSpan elapsed = time.GetElapsedTime(since);
        if (isLate)
            DcpLog.CleanupLate(logger, elapsed);

        TimeSpan left = limit - elapsed;
        using var timer = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        try
        {
            await AskForAsync("Stopping", timer.Token);
            while (!folders.DcpHasEnded)
                await Task.Delay(Poll, time, timer.Token);
            if (!isLate)
                await EndControllersAsync(timer.Token);
            elapsed = time.GetElapsedTime(since);
            DcpLog.Ended(logger, elapsed);
        }
        catch (Exception gone) when (DcpHealth.IsLostConnection(gone))
        {
            // It went before it answered, or the limit passed; in both cases nothing is left to ask.
        }
    }

    /// <summary>True when DCP is there and has not finished within the limit.</summary>
    private async Task<bool> CleanAsync(TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit, time);
        try
        {
            await DeleteExecutablesAsync(timer.Token);
            await AskForAsync("CleaningResources", timer.Token);
            while (await ReadStatusAsync(timer.Token) is not ("CleanupComplete" or "Stopping"))
                await Task.Delay(Poll, time, timer.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return !folders.DcpHasEnded;
        }
        catch (Exception gone) when (DcpHealth.IsLostConnection(gone))
        {
            return false;
        }
    }

    /// <summary>DCP looks once a second whether what it deletes by itself has gone, and not at all where there is nothing to delete.</summary>
    private async Task DeleteExecutablesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DcpExecutable> left = await executables.ListAsync(cancellationToken);
        await Task.WhenAll(left.Select(executable => executables.DeleteAsync(executable.Metadata.Name, cancellationToken)));
    }

    /// <summary>
    /// DCP's second process, which ran the executables, looks every two seconds whether the first is there, and ends when it is not. There
    /// is no setting for that, and nothing left for it to do.
    /// </summary>
    private async Task EndControllersAsync(CancellationToken cancellationToken)
    {
        foreach ((int id, string commandLine) in ProcessList.Read() ?? [])
        {
            if (!commandLine.Contains($"\0run-controllers\0--kubeconfig\0{folders.Kubeconfig}\0", StringComparison.Ordinal))
                continue;
            try
            {
                using var controllers = Process.GetProcessById(id);
                controllers.Kill();
                await controllers.WaitForExitAsync(cancellationToken);
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has just looked.
            }
        }
    }

    private Task<DcpReply> AskForAsync(string status, CancellationToken cancellationToken)
    {
        HttpContent wish = DcpApi.MergePatch($$"""{"status":"{{status}}","shutdownResourceCleanup":"Full"}""");
        return api.CallAsync(HttpMethod.Patch, DcpPaths.Execution, wish, cancellationToken);
    }

    private async Task<string?> ReadStatusAsync(CancellationToken cancellationToken)
    {
        DcpReply reply = await api.CallAsync(HttpMethod.Get, DcpPaths.Execution, null, cancellationToken);
        return reply.IsSuccess ? reply.Read(DcpJson.Default.DcpExecution).Status : throw reply.Refusal("tell how far it is");
    }
}
