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

    /// <summary>As the orchestrator's hosts call the property of a program that has its process id.</summary>
    private const string ProcessProperty = "executable.pid";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly ConcurrentDictionary<string, string> _running = new();
    private readonly ConcurrentDictionary<string, PeerPage> _pages = new();
    private readonly ConcurrentDictionary<string, string> _states = new();
    private readonly Dictionary<string, string> _shown = [];

    /// <summary>The peers that say, asked now, that they are in the ring.</summary>
    public async Task<IReadOnlyList<RingPeer>> FindMembersAsync(CancellationToken cancellationToken)
    {
        // Nobody answers at the first start: that each of many asks all the others then would only slow it down.
        RingPeer[] known = [.. roster.Peers.Where(peer => _pages.ContainsKey(peer.Name))];
        PeerPage?[] pages = await Task.WhenAll(known.Select(peer => ReadAsync(peer, cancellationToken))).ConfigureAwait(false);
        return [.. known.Where((_, i) => pages[i] is { IsMember: true })];
    }

    /// <summary>A peer that is in the ring, waited for if need be.</summary>
    /// <param name="first">The one to look at while nothing is known of any.</param>
    /// <param name="logger">Told when there is a wait.</param>
    public async Task<RingPeer> WaitForMemberAsync(RingPeer first, ILogger logger, CancellationToken cancellationToken)
    {
        for (bool waits = false; ; waits = true)
        {
            // Not all, and not by what this service has gathered alone: it may not run yet.
            if (first.Http.IsAllocated && await ReadAsync(first, cancellationToken).ConfigureAwait(false) is { IsMember: true })
                return first;
            if (await FindMembersAsync(cancellationToken).ConfigureAwait(false) is [var member, ..])
                return member;
            if (!waits)
                LogWaits(logger);
            await Task.Delay(PollWhileRepairing, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The member's own process id. A peer is asked, and if it does not answer (suspended, say) what it said last counts; of a guest, a program that is
    /// started directly, the orchestrator knows it.
    /// </summary>
    /// <param name="resourceId">The running instance.</param>
    public async Task<int?> ProcessOfAsync(RingMember member, string resourceId, CancellationToken cancellationToken)
    {
        if (member is RingPeer peer)
            return (await ReadAsync(peer, cancellationToken).ConfigureAwait(false) ?? _pages.GetValueOrDefault(peer.Name))?.ProcessId;
        return notifications.TryGetCurrentState(resourceId, out ResourceEvent? state)
            && state.Snapshot.State?.Text == KnownResourceStates.Running
            && state.Snapshot.Properties.FirstOrDefault(property => property.Name == ProcessProperty)?.Value is { } process
                ? Convert.ToInt32(process, CultureInfo.InvariantCulture)
                : null;
    }

    /// <summary>A member's state as the dashboard shows it.</summary>
    public string StateOf(RingMember member) => _states.GetValueOrDefault(member.Name) ?? KnownResourceStates.NotStarted;

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
        HashSet<string> members = [.. roster.Members.Select(member => member.Name)];
        await foreach (ResourceEvent change in notifications.WatchAsync(stopping).ConfigureAwait(false))
        {
            string name = change.Resource.Name;
            if (!members.Contains(name))
                continue;
            _states[name] = change.Snapshot.State?.Text ?? KnownResourceStates.NotStarted;
            if (change.Snapshot.State?.Text == KnownResourceStates.Running)
                _running[name] = change.ResourceId;
            else if (_running.TryRemove(name, out _))
                _pages.TryRemove(name, out _);
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
            {
                if (pages[i] is { } page)
                    await ShowAsync(running[i], RingProperties.Of(page)).ConfigureAwait(false);
            }
            PeerPage[] told = [.. pages.OfType<PeerPage>()];
            RingGuest[] guests = [.. roster.Guests.Where(guest => _running.ContainsKey(guest.Name))];
            foreach (RingGuest guest in guests)
                await ShowAsync(guest, RingProperties.Of(guest, PeerPage.SeedsOf(told).FirstOrDefault(seed => seed.Address == guest.Address))).ConfigureAwait(false);
            // The first time all must be there; later whoever runs makes the ring. Of an external program nobody knows whether it is a peer until it is seen.
            string[] seedPeers = [.. guests.Where(guest => guest.IsSeedPeer).Select(guest => guest.Address!)];
            bool isThere = ever || (running.Length >= options.Peers && seedPeers.Length == roster.Guests.Count(guest => guest.IsSeedPeer));
            bool isIdeal = isThere && told.Length == running.Length && PeerPage.IsIdeal(told, seedPeers);
            if (isIdeal && !ideal)
                LogIdeal(Count(told), (time.GetUtcNow() - since).TotalSeconds, ever ? "after it changed" : "after start");
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

    /// <summary>Shows what is known of a member among its properties, when it has changed.</summary>
    private async Task ShowAsync(RingMember member, ImmutableArray<ResourcePropertySnapshot> properties)
    {
        string summary = string.Join('|', properties.Select(property => property.Value));
        if (_shown.GetValueOrDefault(member.Name) == summary)
            return;
        _shown[member.Name] = summary;
        await notifications.PublishUpdateAsync(member.Resource, snapshot => snapshot.With(properties)).ConfigureAwait(false);
    }

    private static string Count(PeerPage[] pages)
    {
        int seeds = PeerPage.SeedsOf(pages).DistinctBy(seed => seed.Id).Count();
        return seeds == 0 ? $"{pages.Length} peers" : $"{pages.Length} peers and {seeds} seed peers";
    }

    [LoggerMessage(1, LogLevel.Information, "ring is ideal: {Members}, {Seconds:F1} s {Since}")]
    private partial void LogIdeal(string members, double seconds, string since);

    [LoggerMessage(2, LogLevel.Information, "waits until a peer is in the ring, to join through it")]
    private static partial void LogWaits(ILogger logger);
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
