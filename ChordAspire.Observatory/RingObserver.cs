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

    /// <summary>After that it is looked again whether one of ours is there now.</summary>
    private static readonly TimeSpan SeedRemembered = TimeSpan.FromSeconds(30);

    /// <summary>Pictures follow each other no faster.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Without news there is still time that passes: who is gone is shown for a while only.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watched> _watched = [];

    /// <summary>Where seed peers were found, and when.</summary>
    private readonly Dictionary<string, long> _seeds = [];

    private readonly HashSet<string> _aliases = [];
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is a new picture.</summary>
    public event Action? Changed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (StartPeer start in options.Peers)
            Watch(start.Address, isStart: true, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Show();
            }
#pragma warning disable CA1031 // One picture that cannot be drawn is no reason for the page to end.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogNotDrawn(failure);
            }
            await Task.Delay(Pause, time, stoppingToken);
            Task news = _news.Reader.WaitToReadAsync(stoppingToken).AsTask();
            await news.WaitAsync(Idle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _news.Reader.TryRead(out _);
        }
    }

    private void Show()
    {
        RingPicture last = history.Latest;
        RingPicture now = Draw(last);
        if (now.IsValid == last.IsValid && now.ProblemCount == last.ProblemCount && now.Peers.SequenceEqual(last.Peers) && now.Problems.SequenceEqual(last.Problems))
            return;
        history.Add(now);
        Changed?.Invoke();
    }

    private void Watch(string address, bool isStart, CancellationToken stopping)
    {
        lock (_lock)
        {
            bool isSeed = _seeds.TryGetValue(address, out long found) && time.GetElapsedTime(found) < SeedRemembered;
            if (_watched.Count >= MaxPeers || _watched.ContainsKey(address) || isSeed)
                return;
            var watched = new Watched(address, CancellationTokenSource.CreateLinkedTokenSource(stopping)) { IsStart = isStart };
            _watched[address] = watched;
            _ = FollowAsync(watched, stopping);
        }
    }

    private async Task FollowAsync(Watched watched, CancellationToken stopping)
    {
        string address = watched.Address;
        using var client = new ChordClient(channels.To(address));
        try
        {
            await foreach (PeerNews news in client.WatchAsync(watched.Ended.Token))
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
                if (_seeds.Count >= MaxPeers)
                    _seeds.Clear();
                _seeds[address] = time.GetTimestamp();
            }
        }
        catch (Exception failure)
        {
            LogLost(failure, address);
        }
        finally
        {
            lock (_lock)
            {
                if (_watched.TryGetValue(address, out Watched? there) && there == watched)
                    _watched.Remove(address);
                watched.Ended.Dispose();
            }
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
            history.AddLookups(names.Of(told.View.Self), others, others * lately.Mean);
    }

    private void Hear(Watched watched, PeerNews news, CancellationToken stopping)
    {
        lock (_lock)
        {
            bool wasSilent = watched.Silence is not null;
            if (watched.Ended.IsCancellationRequested)
                return;
            (watched.Told, watched.Silence) = (news.Told ?? watched.Told, news.Silence);
            watched.Seeds = news.Told is null ? [] : news.Seeds;
            if (!wasSilent && news.Silence is not null)
                watched.SilentSince = time.GetTimestamp();
            GiveUpAliases(watched);
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

    /// <summary>A peer that was asked for under another address than its own is watched under its own as soon as others name it; once is enough.</summary>
    private void GiveUpAliases(Watched watched)
    {
        if (watched.Told is { } told && told.View.Self.Address != watched.Address)
            _aliases.Add(watched.Address);
        foreach (string alias in _aliases.ToArray())
        {
            if (!_watched.TryGetValue(alias, out Watched? other))
                _aliases.Remove(alias);
            else if (other.Told is { } self && _watched.TryGetValue(self.View.Self.Address, out Watched? same) && same != other && same is { Told: not null, Silence: null })
            {
                same.IsStart |= other.IsStart;
                Forget(other);
            }
        }
    }

    private void Forget(Watched watched)
    {
        _watched.Remove(watched.Address);
        watched.Ended.Cancel();
    }

    private RingPicture Draw(RingPicture last)
    {
        lock (_lock)
        {
            HashSet<string> named = [.. _watched.Values
                .Where(peer => peer is { Silence: null, Told: not null })
                .SelectMany(peer => peer.Told!.View.Successors.Peers.Select(other => other.Address))];
            foreach ((_, Watched gone) in _watched.Where(peer => IsForgotten(peer.Key, peer.Value, named)).ToArray())
            {
                gone.Told = null;
                if (gone.IsStart)
                    continue;
                Forget(gone);
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

    [LoggerMessage(2, LogLevel.Error, "The ring could not be drawn as it is now")]
    private partial void LogNotDrawn(Exception failure);

    [LoggerMessage(1, LogLevel.Error, "{Address} is watched no longer")]
    private partial void LogLost(Exception failure, string address);

    /// <summary>A peer under watch. Only under the lock.</summary>
    private sealed class Watched(string address, CancellationTokenSource ended)
    {
        /// <summary>At which it is asked; its own, as it tells it, may be another.</summary>
        public string Address => address;

        /// <summary>It was named in the options: it is asked again for as long as the page runs.</summary>
        public bool IsStart { get; set; }

        public CancellationTokenSource Ended => ended;

        public PeerDescription? Told { get; set; }

        /// <summary>As told last. Only in the order of the peer's messages.</summary>
        public LookupTotals Lookups { get; set; }

        public IReadOnlyList<SeedView> Seeds { get; set; } = [];

        public string? Silence { get; set; }

        public long SilentSince { get; set; }
    }
}
