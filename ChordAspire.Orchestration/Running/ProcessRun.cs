using System.Globalization;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Running;

/// <summary>One start of a resource: how to tell its news from those of earlier starts, and its output.</summary>
internal sealed class ProcessRun(string name, int number, DcpSession dcp, ResourceConsole console) : IDisposable
{
    private const string StartAnnotation = "start-number";

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopReading = new();
    private readonly Dictionary<DcpLogSource, int> _read = [];
    private readonly string _number = number.ToString(CultureInfo.InvariantCulture);
    private Task _reading = Task.CompletedTask;

    internal Task Ended => _ended.Task;

    /// <summary>True the first time.</summary>
    internal bool End() => _ended.TrySetResult();

    internal DcpExecutable Mark(DcpExecutable executable) => executable with
    {
        Metadata = executable.Metadata with
        {
            Annotations = (executable.Metadata.Annotations ?? new Dictionary<string, string>())
                .Append(KeyValuePair.Create(StartAnnotation, _number)).ToDictionary(),
        },
    };

    internal bool IsOf(DcpExecutable executable) => executable.Metadata.Annotations?.GetValueOrDefault(StartAnnotation) == _number;

    internal void BeginLogs(CancellationToken applicationStopping) =>
        _reading = Task.Run(() => ReadAsync(follow: true, _stopReading.Token), applicationStopping);

    /// <summary>Reads what the follower has not read yet; DCP throws the output away together with the process.</summary>
    internal async Task FinishLogsAsync(CancellationToken cancellationToken)
    {
        await _stopReading.CancelAsync();
        await _reading;
        await ReadAsync(follow: false, cancellationToken);
    }

    /// <summary>What DCP says kept the process from starting; null when it says nothing.</summary>
    internal async Task<string?> FindFailureAsync(CancellationToken cancellationToken)
    {
        // The first error is the cause; those after it only say what followed from it.
        await foreach (DcpLogLine line in dcp.ReadLogsAsync(name, follow: false, cancellationToken))
        {
            if (DcpLogText.Error(line) is { } error)
                return error;
        }

        return null;
    }

    public void Dispose() => _stopReading.Dispose();

    private async Task ReadAsync(bool follow, CancellationToken cancellationToken)
    {
        var skip = new Dictionary<DcpLogSource, int>(_read);
        await foreach (DcpLogLine line in dcp.ReadLogsAsync(name, follow, cancellationToken))
        {
            if (skip.TryGetValue(line.Source, out int seen) && seen > 0)
            {
                skip[line.Source] = seen - 1;
                continue;
            }

            _read[line.Source] = _read.GetValueOrDefault(line.Source) + 1;
            console.Write(DcpLogText.ForReaders(line), DcpLogText.IsError(line));
        }
    }
}
