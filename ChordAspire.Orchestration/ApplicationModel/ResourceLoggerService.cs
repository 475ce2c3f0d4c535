using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The console of every resource: what its processes wrote, over all starts, and what the host has to say about it.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceConsole> _consoles = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _disposing = new();
    private readonly TimeProvider _time;

    public ResourceLoggerService()
        : this(TimeProvider.System)
    {
    }

    internal ResourceLoggerService(TimeProvider time) => _time = time;

    /// <summary>Writes to the console of the resource.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetLogger(resource.InstanceName());
    }

    /// <inheritdoc cref="GetLogger(IResource)"/>
    public ILogger GetLogger(string resourceName) => new ResourceConsoleLogger(Console(resourceName), _time);

    /// <summary>What has been written, then each batch of new lines.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.InstanceName());
    }

    /// <inheritdoc cref="WatchAsync(IResource)"/>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => ReadAsync(resourceName, follow: true);

    /// <summary>What has been written so far.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetAllAsync(resource.InstanceName());
    }

    /// <inheritdoc cref="GetAllAsync(IResource)"/>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => ReadAsync(resourceName, follow: false);

    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    internal ResourceConsole Console(string instanceName) => _consoles.GetOrAdd(instanceName, static _ => new ResourceConsole());

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(
        string instanceName, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        ResourceConsole console = Console(instanceName);
        ChannelReader<LogLine> lines = console.Open(out IReadOnlyList<LogLine> backlog);
        try
        {
            if (backlog.Count > 0)
                yield return backlog;
            while (follow && await MoreAsync(lines, ends.Token))
                yield return Batch(lines);
        }
        finally
        {
            console.Close(lines);
        }
    }

    // The end of the application ends the stream; it is no failure of whoever reads it.
    private async Task<bool> MoreAsync(ChannelReader<LogLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.WaitToReadAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            return false;
        }
    }

    private static List<LogLine> Batch(ChannelReader<LogLine> lines)
    {
        const int linesMax = 200;
        var batch = new List<LogLine>();
        while (batch.Count < linesMax && lines.TryRead(out LogLine line))
            batch.Add(line);
        return batch;
    }
}
