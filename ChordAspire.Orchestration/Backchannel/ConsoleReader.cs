using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Backchannel;

/// <summary>Reads the consoles of resources in batches.</summary>
internal sealed class ConsoleReader(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService consoles)
{
    private const int BatchMax = 256;

    // Batches read ahead of a slow client, over all consoles. Beyond that the consoles themselves keep the newest lines.
    private const int ReadAheadMax = 16;

    internal IAsyncEnumerable<ConsoleBatch> ReadAsync(ConsoleRequest request, CancellationToken cancellationToken)
    {
        string[] instances = [.. Instances(request)];
        return request.Follow ? FollowAsync(instances, cancellationToken) : ReadAllAsync(instances, cancellationToken);
    }

    private IEnumerable<string> Instances(ConsoleRequest request) => request.ResourceName is { } name
        ? model.Resources.Where(resource => resource.IsCalled(name)).Select(resource => resource.InstanceName())
        : model.Resources.Select(resource => resource.InstanceName()).Where(instance => request.IncludeHidden || !IsHidden(instance));

    private bool IsHidden(string instance) =>
        notifications.TryGetCurrentState(instance, out ResourceEvent? known) && known.Snapshot.IsHidden;

    private async IAsyncEnumerable<ConsoleBatch> ReadAllAsync(string[] instances, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string instance in instances)
        {
            await foreach (ConsoleBatch batch in BatchesAsync(instance, follow: false, cancellationToken))
                yield return batch;
        }
    }

    private async IAsyncEnumerable<ConsoleBatch> FollowAsync(string[] instances, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var merged = Channel.CreateBounded<ConsoleBatch>(ReadAheadMax);
        Task pumps = Task.WhenAll(instances.Select(instance => PumpAsync(instance, merged.Writer, ends.Token)));
        _ = pumps.ContinueWith(_ => merged.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (ConsoleBatch batch in merged.Reader.ReadAllAsync(cancellationToken))
                yield return batch;
        }
        finally
        {
            await ends.CancelAsync();
            await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAsync(string instance, ChannelWriter<ConsoleBatch> merged, CancellationToken cancellationToken)
    {
        await foreach (ConsoleBatch batch in BatchesAsync(instance, follow: true, cancellationToken))
            await merged.WriteAsync(batch, cancellationToken);
    }

    private async IAsyncEnumerable<ConsoleBatch> BatchesAsync(
        string instance, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<IReadOnlyList<LogLine>> written = follow ? consoles.WatchAsync(instance) : consoles.GetAllAsync(instance);
        await foreach (IReadOnlyList<LogLine> lines in written.WithCancellation(cancellationToken))
        {
            foreach (LogLine[] some in lines.Chunk(BatchMax))
                yield return new ConsoleBatch([.. some.Select(line => Described(instance, line))]);
        }
    }

    private static ConsoleLine Described(string instance, LogLine line) => new(instance, line.LineNumber, line.Content, line.IsErrorMessage);
}
