using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChordAspire.AppHost;

/// <summary>Watches the ring from outside: shows each peer's neighbours in the dashboard, and says when the ring is ideal.</summary>
internal sealed partial class RingWatch(
    RingRoster roster, RingOptions options, ResourceNotificationService notifications, TimeProvider time, ILogger<RingWatch> logger) : BackgroundService
{
    private static readonly TimeSpan PollWhileRepairing = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PollWhenIdeal = TimeSpan.FromMilliseconds(500);

    /// <summary>With more than this the pauses are longer: each starts slower beside many others, and must not be asked more often for it.</summary>
    private const int PeersAtFullPace = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly ConcurrentDictionary<string, string> _running = new();
    private readonly ConcurrentDictionary<string, PeerPage> _pages = new();
    private readonly Dictionary<string, string> _shown = [];

    /// <summary>The peers that say, asked now, that they are in the ring.</summary>
    public async Task<IReadOnlyList<RingPeer>> FindMembersAsync(CancellationToken cancellationToken)
    {
        // Nobody answers at the first start: that each of many asks all the others then would only slow it down.
        RingPeer[] known = [.. roster.Peers.Where(peer => _pages.ContainsKey(peer.Name))];
        PeerPage?[] pages = await Task.WhenAll(known.Select(peer => ReadAsync(peer, cancellationToken))).ConfigureAwait(false);
        return [.. known.Where((_, i) => pages[i] is { IsMember: true })];
    }

    /// <summary>The peer's own process id: the peer is asked, and if it does not answer (suspended, say) what it said last counts.</summary>
    public async Task<int?> ProcessOfAsync(RingPeer peer, CancellationToken cancellationToken) =>
        (await ReadAsync(peer, cancellationToken).ConfigureAwait(false) ?? _pages.GetValueOrDefault(peer.Name))?.ProcessId;

    /// <summary>Looks up a key through a peer; null when it does not answer.</summary>
    public Task<LookupPage?> LookUpAsync(RingPeer peer, string key, CancellationToken cancellationToken) =>
        GetAsync(peer, $"/lookup/{Uri.EscapeDataString(key)}", PeerPageJson.Default.LookupPage, cancellationToken);

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowStatesAsync(stoppingToken), FollowRingAsync(stoppingToken));

    private async Task FollowStatesAsync(CancellationToken stopping)
    {
        HashSet<string> peers = [.. roster.Peers.Select(peer => peer.Name)];
        await foreach (ResourceEvent change in notifications.WatchAsync(stopping).ConfigureAwait(false))
        {
            if (!peers.Contains(change.Resource.Name))
                continue;
            if (change.Snapshot.State?.Text == KnownResourceStates.Running)
                _running[change.Resource.Name] = change.ResourceId;
            else if (_running.TryRemove(change.Resource.Name, out _))
                _pages.TryRemove(change.Resource.Name, out _);
        }
    }

    private async Task FollowRingAsync(CancellationToken stopping)
    {
        DateTimeOffset since;
        using (var self = Process.GetCurrentProcess())
            since = self.StartTime;
        bool ideal = false, ever = false;
        while (!stopping.IsCancellationRequested)
        {
            RingPeer[] running = [.. roster.Peers.Where(peer => _running.ContainsKey(peer.Name))];
            PeerPage?[] pages = await Task.WhenAll(running.Select(peer => ReadAsync(peer, stopping))).ConfigureAwait(false);
            for (int i = 0; i < running.Length; i++)
                await ShowAsync(running[i], pages[i]).ConfigureAwait(false);
            // The first time all must be there; later whoever runs makes the ring.
            bool isIdeal = (ever || running.Length >= options.Peers) && pages.All(page => page is not null) && PeerPage.IsIdeal(pages.OfType<PeerPage>());
            if (isIdeal && !ideal)
                LogIdeal(running.Length, (time.GetUtcNow() - since).TotalSeconds, ever ? "after it changed" : "after start");
            else if (ideal && !isIdeal)
                since = time.GetUtcNow();
            ideal = isIdeal;
            ever |= isIdeal;
            TimeSpan pause = isIdeal ? PollWhenIdeal : PollWhileRepairing * Math.Max(1, running.Length / (double)PeersAtFullPace);
            await Task.Delay(pause, time, stopping).ConfigureAwait(false);
        }
    }

    private async Task<PeerPage?> ReadAsync(RingPeer peer, CancellationToken stopping)
    {
        PeerPage? page = await GetAsync(peer, "/peer", PeerPageJson.Default.PeerPage, stopping).ConfigureAwait(false);
        if (page is not null && _running.ContainsKey(peer.Name))
            _pages[peer.Name] = page;
        return page;
    }

    /// <summary>Null when the peer does not answer.</summary>
    private async Task<T?> GetAsync<T>(RingPeer peer, string path, JsonTypeInfo<T> type, CancellationToken stopping)
        where T : class
    {
        try
        {
            return await _http.GetFromJsonAsync(new Uri(new Uri(peer.Http.Url), path), type, stopping).ConfigureAwait(false);
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Shows a peer's neighbours among its properties, when they have changed.</summary>
    private async Task ShowAsync(RingPeer peer, PeerPage? page)
    {
        if (page is null)
            return;
        ImmutableArray<ResourcePropertySnapshot> properties =
        [
            new("ring.identifier", page.Id) { DisplayName = "Identifier", IsHighlighted = true, SortOrder = 11 },
            new("ring.phase", page.Phase) { DisplayName = "Phase", IsHighlighted = true, SortOrder = 12 },
            new("ring.predecessor", page.Predecessor ?? "none") { DisplayName = "Predecessor", IsHighlighted = true, SortOrder = 13 },
            new("ring.successor", page.Successors is [string successor, ..] ? successor : "none") { DisplayName = "Successor", IsHighlighted = true, SortOrder = 14 },
            new("ring.successors", string.Join(' ', page.Successors)) { DisplayName = "Successor list", IsHighlighted = true, SortOrder = 15 },
            new("ring.objects", string.Create(CultureInfo.InvariantCulture, $"{page.ObjectsHeld} ({page.BytesHeld:N0} bytes)")) { DisplayName = "Objects held", IsHighlighted = true, SortOrder = 16 },
            new("ring.replicated", page.Replicated ? "yes" : "copies are missing") { DisplayName = "Replicated", IsHighlighted = true, SortOrder = 17 },
        ];
        string summary = string.Join('|', properties.Select(property => property.Value));
        if (_shown.GetValueOrDefault(peer.Name) == summary)
            return;
        _shown[peer.Name] = summary;
        await notifications.PublishUpdateAsync(peer.Resource, snapshot => snapshot with
        {
            Properties = [.. snapshot.Properties.Where(property => !property.Name.StartsWith("ring.", StringComparison.Ordinal)), .. properties],
        }).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Information, "ring is ideal: {Peers} peers, {Seconds:F1} s {Since}")]
    private partial void LogIdeal(int peers, double seconds, string since);
}

internal static class RingWatchServices
{
    /// <summary>Watches the ring that these peers form.</summary>
    public static void WatchRing(this IDistributedApplicationBuilder builder)
    {
        builder.Services.AddSingleton(RingOptions.Read(builder.Configuration, builder.AppHostDirectory));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RingWatch>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<RingWatch>());
    }
}
