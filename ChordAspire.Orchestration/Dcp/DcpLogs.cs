using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>The three logs of one executable as one sequence.</summary>
internal sealed class DcpLogs(DcpApi api, DcpHealth health, ILogger logger)
{
    // Bounded, so that a reader who stands still makes DCP wait instead of filling our memory.
    private const int LinesAhead = 1024;

    private static readonly (DcpLogSource Source, string Name)[] Sources =
        [(DcpLogSource.StdOut, "stdout"), (DcpLogSource.StdErr, "stderr"), (DcpLogSource.System, "system")];

    internal async IAsyncEnumerable<DcpLogLine> ReadAsync(
        string executable, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lines = Channel.CreateBounded<DcpLogLine>(new BoundedChannelOptions(LinesAhead) { SingleReader = true });
        Task pumps = PumpAllAsync(executable, follow, lines.Writer, stop.Token);
        try
        {
            // Without the token: the pumps heed it, and what they have read is still handed out.
            await foreach (DcpLogLine line in lines.Reader.ReadAllAsync(CancellationToken.None))
                yield return line;
        }
        finally
        {
            await stop.CancelAsync();
            await pumps;
        }
    }

    private async Task PumpAllAsync(string executable, bool follow, ChannelWriter<DcpLogLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Sources.Select(source => PumpAsync(executable, source.Source, source.Name, follow, lines, cancellationToken)));
            lines.Complete();
        }
        catch (Exception broken)
        {
            lines.Complete(broken);
        }
    }

    private async Task PumpAsync(
        string executable, DcpLogSource source, string sourceName, bool follow, ChannelWriter<DcpLogLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await api.OpenAsync(DcpPaths.Log(executable, sourceName, follow), cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                DcpLog.LogRefused(logger, sourceName, executable, response.StatusCode);
                return;
            }

            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
                await lines.WriteAsync(new DcpLogLine(source, line), cancellationToken);
        }
        catch (Exception lost) when (DcpHealth.IsLostConnection(lost))
        {
            if (!cancellationToken.IsCancellationRequested && !health.IsEndExpected)
                DcpLog.LogBrokeOff(logger, sourceName, executable, lost.Message);
        }
    }
}
