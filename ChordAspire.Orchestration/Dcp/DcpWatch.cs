using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Aspire.Hosting.Dcp;

/// <summary>Tells about executables as they come, change and go, over as many connections as that takes.</summary>
internal sealed class DcpWatch(DcpApi api, DcpExecutables executables, DcpHealth health, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    internal async IAsyncEnumerable<DcpChange> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ledger = new DcpWatchLedger();
        TimeSpan pause = FirstPause;
        for (bool again = false; !cancellationToken.IsCancellationRequested; again = true)
        {
            using StreamReader? lines = await TryOpenAsync(cancellationToken);
            if (lines is not null)
            {
                pause = FirstPause;

                // Asked after the watch is open, so that nothing falls between the two.
                if (again && await TryListAsync(cancellationToken) is { } existing)
                {
                    foreach (DcpChange missed in ledger.Missing(existing))
                        yield return missed;
                }

                while (await TryReadAsync(lines, cancellationToken) is { } entry)
                {
                    if (Tell(ledger, entry) is { } change)
                        yield return change;
                }
            }

            if (!cancellationToken.IsCancellationRequested)
                health.NoteLost(api.IsRefused);
            pause = await PauseAsync(pause, cancellationToken);
        }
    }

    private static DcpChange? Tell(DcpWatchLedger ledger, DcpWatchEvent entry)
    {
        DcpExecutable executable = DcpWire.Incoming(entry.Object.Deserialize(DcpJson.Default.DcpExecutable)!);
        return entry.Type == "DELETED" ? ledger.Gone(executable) : ledger.Seen(executable);
    }

    private async Task<StreamReader?> TryOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await api.OpenAsync(DcpPaths.WatchExecutables, cancellationToken);
            if (response.IsSuccessStatusCode)
                return new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            response.Dispose();
            return null;
        }
        catch (Exception lost) when (DcpHealth.IsLostConnection(lost))
        {
            return null;
        }
    }

    /// <summary>Null when the stream ended, for whatever reason; an entry of another type than the three ends it too.</summary>
    private static async Task<DcpWatchEvent?> TryReadAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            if (await lines.ReadLineAsync(cancellationToken) is not { } line)
                return null;
            DcpWatchEvent? entry = JsonSerializer.Deserialize(line, DcpJson.Default.DcpWatchEvent);
            return entry?.Type is "ADDED" or "MODIFIED" or "DELETED" ? entry : null;
        }
        catch (Exception lost) when (lost is JsonException || DcpHealth.IsLostConnection(lost))
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<DcpExecutable>?> TryListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await executables.ListAsync(cancellationToken);
        }
        catch (Exception lost) when (DcpHealth.IsLostConnection(lost))
        {
            return null;
        }
    }

    private async Task<TimeSpan> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
        }

        return DcpRetry.Longer(pause);
    }
}
