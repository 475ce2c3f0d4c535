using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// Changes for one client, of which only the newest per resource wait for it: a client that stops reading costs no more than one that reads, and
/// misses no last state.
/// </summary>
internal sealed class NewestEvents
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _waiting = new(StringComparer.OrdinalIgnoreCase);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>How every resource looks now, then each change, until the application or the client ends.</summary>
    internal static async IAsyncEnumerable<ResourceEvent> WatchAsync(
        ResourceNotificationService notifications, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var newest = new NewestEvents();
        Task pump = newest.PumpAsync(notifications, ends.Token);
        try
        {
            while (await newest._news.Reader.WaitToReadAsync(cancellationToken))
            {
                foreach (ResourceEvent change in newest.TakeAll())
                    yield return change;
            }
        }
        finally
        {
            await ends.CancelAsync();
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAsync(ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ResourceEvent change in notifications.WatchAsync(cancellationToken))
            {
                lock (_lock)
                    _waiting[change.ResourceId] = change;
                _news.Writer.TryWrite(true);
            }
        }
        finally
        {
            _news.Writer.Complete();
        }
    }

    private List<ResourceEvent> TakeAll()
    {
        // The sign first: news that come in between are found by the next look at the latest.
        _news.Reader.TryRead(out _);
        lock (_lock)
        {
            List<ResourceEvent> all = [.. _waiting.Values];
            _waiting.Clear();
            return all;
        }
    }
}
