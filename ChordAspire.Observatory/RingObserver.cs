using System.Globalization;
using System.Threading.Channels;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Observatory;

/// <summary>Watches every peer that can be found, by one subscription each, and draws a picture of the ring whenever one of them has told something new.</summary>
internal sealed partial class RingObserver(
    ObservatoryOptions options, PeerChannels channels, RingHistory history, PeerNames names, OwnLookups own, TimeProvider time, ILogger<RingObserver> logger) : BackgroundService
{
    private const int MaxPeers = 2000;

    /// <summary>For so long it is shown who has left.</summary>
    public static readonly TimeSpan LeftShown = TimeSpan.FromSeconds(6);

    /// <summary>For so long it is shown who fell silent.</summary>
    public static readonly TimeSpan DeadShown = TimeSpan.FromSeconds(60);

    /// <summary>Pictures follow each other no faster.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Without news there is still time that passes: who is gone is shown for a while only.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);


    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watched> _watched = [];
    private readonly HashSet<string> _seeds = [];
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is a new picture.</summary>
    public event Action? Changed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (StartPeer start in options.Peers)
            Watch(start.Address, isStart: true, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            RingPicture last = history.Latest;
            RingPicture now = Draw(last);
            if (now.IsValid != last.IsValid || !now.Peers.SequenceEqual(last.Peers) || !now.Problems.SequenceEqual(last.Problems))
            {
                history.Add(now);
                Changed?.Invoke();
            }
            await Task.Delay(Pause, time, stoppingToken);
            Task news = _news.Reader.WaitToReadAsync(stoppingToken).AsTask();
            await news.WaitAsync(Idle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _news.Reader.TryRead(out _);
        }
    }

    private void Watch(string address, bool isStart, CancellationToken stopping)
    {
        lock (_lock)
        {
            if (_watched.Count >= MaxPeers || _watched.ContainsKey(address) || _seeds.Contains(address))
                return;
            var watched = new Watched(isStart, CancellationTokenSource.CreateLinkedTokenSource(stopping));
            _watched[address] = watched;
            _ = FollowAsync(address, watched, stopping);
        }
    }

    private async Task FollowAsync(string address, Watched watched, CancellationToken stopping)
    {
        try
        {
            await foreach (PeerNews news in new ChordClient(channels.To(address)).WatchAsync(watched.Ended.Token))
            {
                CountLookups(watched, news);
                Hear(watched, news, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody names it any more.
        }
        catch (RefusedException refused) when (refused.Reason == Refusal.NotServed)
        {
            lock (_lock)
            {
                _seeds.Add(address);
                _watched.Remove(address);
            }
        }
        catch (Exception failure)
        {
            LogLost(failure, address);
            lock (_lock)
                _watched.Remove(address);
        }
    }

    /// <summary>What clients have asked of a peer since it told last.</summary>
    private void CountLookups(Watched watched, PeerNews news)
    {
        if (news.Told is not { } told)
            return;
        LookupTotals lately = news.Lookups.Since(watched.Lookups);
        // Of another process, or of one that is new here, only what comes is news.
        bool isSame = watched.Told?.ProcessId == told.ProcessId;
        watched.Lookups = news.Lookups;
        if (!isSame || lately.Count <= 0)
            return;
        long others = lately.Count - own.Take(told.View.Self.Address, lately.Count);
        if (others > 0)
        {
            history.Add(new Happening(
                history.Now,
                HappeningKind.Lookup,
                string.Create(CultureInfo.InvariantCulture, $"{others} {(others == 1 ? "lookup" : "lookups")} through {names.Of(told.View.Self)}, {lately.Mean.TotalMilliseconds:0.0} ms on average"),
                lately.Mean));
        }
    }

    private void Hear(Watched watched, PeerNews news, CancellationToken stopping)
    {
        lock (_lock)
        {
            bool wasSilent = watched.Silence is not null;
            (watched.Told, watched.Silence) = (news.Told ?? watched.Told, news.Silence);
            watched.Seeds = news.Told is null ? [] : news.Seeds;
            if (!wasSilent && news.Silence is not null)
                watched.SilentSince = time.GetTimestamp();
        }
        if (news.Told is { } told)
        {
            foreach (PeerRef peer in told.View.Successors.Peers)
                Watch(peer.Address, isStart: false, stopping);
            if (told.View.Predecessor is { } predecessor)
                Watch(predecessor.Address, isStart: false, stopping);
        }
        _news.Writer.TryWrite(true);
    }

    private RingPicture Draw(RingPicture last)
    {
        lock (_lock)
        {
            HashSet<string> named = [.. _watched.Values
                .Where(peer => peer is { Silence: null, Told: not null })
                .SelectMany(peer => peer.Told!.View.Successors.Peers.Select(other => other.Address))];
            foreach ((string address, Watched gone) in _watched.Where(peer => IsForgotten(peer.Key, peer.Value, named)).ToArray())
            {
                gone.Told = null;
                if (gone.IsStart)
                    continue;
                _watched.Remove(address);
                gone.Ended.Cancel();
            }
            HeardPeer[] heard = [.. _watched.Values.Where(peer => peer.Told is not null).Select(peer => new HeardPeer(peer.Told!, peer.Silence is not null, peer.Silence))];
            return PictureMaker.Make(heard, _watched.Values.SelectMany(peer => peer.Seeds), last, time.GetUtcNow());
        }
    }

    private bool IsForgotten(string address, Watched peer, HashSet<string> named)
    {
        if (peer.Silence is null || named.Contains(address))
            return false;
        TimeSpan shown = peer.Told is null or { View.Phase: MemberPhase.Leaving or MemberPhase.Left } ? LeftShown : DeadShown;
        return time.GetElapsedTime(peer.SilentSince) > shown && (peer.Told is not null || !peer.IsStart);
    }

    [LoggerMessage(1, LogLevel.Error, "{Address} is watched no longer")]
    private partial void LogLost(Exception failure, string address);

    /// <summary>A peer under watch. Only under the lock.</summary>
    private sealed class Watched(bool isStart, CancellationTokenSource ended)
    {
        public bool IsStart => isStart;

        public CancellationTokenSource Ended => ended;

        public PeerDescription? Told { get; set; }

        /// <summary>As told last. Only in the order of the peer's messages.</summary>
        public LookupTotals Lookups { get; set; }

        public IReadOnlyList<SeedView> Seeds { get; set; } = [];

        public string? Silence { get; set; }

        public long SilentSince { get; set; }
    }
}
