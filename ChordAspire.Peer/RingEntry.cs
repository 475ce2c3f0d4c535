using System.Threading.Channels;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>The way into the ring, and back into it: starts one or joins through a target, with growing delay, and again after all successors were lost.</summary>
internal sealed class RingEntry(
    PeerLoop loop, RingCaller caller, PeerOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RingEntry> logger) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <summary>Our former self is forgotten within a stabilize interval: no reason to wait longer.</summary>
    private static readonly TimeSpan ForgettingDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a peer alone on its ring looks whether others are back.</summary>
    private static readonly TimeSpan LonelyInterval = TimeSpan.FromSeconds(2);

    /// <summary>Rounds over all contacts before a peer that lost its ring, or may start one, goes on alone.</summary>
    private const int RoundsBeforeAlone = 3;

    private readonly Channel<EntrySignal> _signals = Channel.CreateBounded<EntrySignal>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
    /// <summary>Looks at a lonely peer with a higher identifier before this one joins it after all: it may not know of us, and then never comes.</summary>
    private const int LooksBeforeGoingFirst = 3;

    private int _looks;

    /// <summary>Whom to look for when the ring is lost: the last neighbours, then the targets.</summary>
    private IEnumerable<string> Known =>
        (loop.LastInCompany?.Successors.Peers.Select(peer => peer.Address) ?? []).Concat(options.Targets).Where(address => address != options.Self.Address);

    public void Signal(EntrySignal signal) => _signals.Writer.TryWrite(signal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = new TaskCompletionSource();
        await using CancellationTokenRegistration started = lifetime.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stoppingToken);
        if (options.Targets.Count == 0)
            await loop.PostAsync(new ChordEvent.StartRing(), stoppingToken);
        else
            await JoinAsync(options.Targets, options.StartsRingWithoutTargets, stoppingToken);
        while (true)
            await WatchAsync(stoppingToken);
    }

    /// <summary>Waits for the ring to be lost, or for company when alone.</summary>
    private async Task WatchAsync(CancellationToken stopping)
    {
        if (await NextSignalAsync(LonelyInterval, stopping) is EntrySignal.Seek(var contacts))
        {
            string[] addresses = [.. contacts.Select(peer => peer.Address).Where(address => address != options.Self.Address).Concat(Known).Distinct()];
            Log.SeekingRing(logger, addresses.Length);
            await JoinAsync(addresses, mayStandAlone: true, stopping);
            return;
        }
        if (!loop.State.IsAlone)
        {
            _looks = 0;
            return;
        }
        _looks++;
        foreach (string address in Known.Distinct())
        {
            CallResult<Introduction> introduced = await caller.IntroduceAsync(address, options.CallTimeoutMax, stopping);
            if (introduced is { IsAnswered: true, Value: { Phase: MemberPhase.Member } other } && other.Self.Id != options.Self.Id && IsOurTurn(other))
            {
                Log.FoundRing(logger, address);
                _looks = 0;
                await JoinAsync([address], mayStandAlone: true, stopping);
                return;
            }
        }
    }

    /// <summary>Of two lonely peers the one with the higher identifier joins the other, so that they do not swap rings for ever.</summary>
    private bool IsOurTurn(Introduction other) => !other.Alone || other.Self.Id < options.Self.Id || _looks > LooksBeforeGoingFirst;

    private async Task JoinAsync(IReadOnlyList<string> targets, bool mayStandAlone, CancellationToken stopping)
    {
        TimeSpan delay = FirstDelay;
        for (int round = 1; ; round++)
        {
            string reason = "there is nobody to ask.";
            TimeSpan pause = delay;
            foreach (string target in targets)
            {
                (bool joined, bool forgetting, reason) = await TryJoinAsync(target, stopping);
                if (joined)
                    return;
                if (forgetting)
                    pause = ForgettingDelay;
                else
                    Log.JoinRetried(logger, target, reason, pause);
            }
            if (mayStandAlone && round >= RoundsBeforeAlone)
            {
                Log.StandingAlone(logger);
                await loop.PostAsync(new ChordEvent.StandAlone(), stopping);
                return;
            }
            await Task.Delay(pause, time, stopping);
            if (pause == delay)
                delay = delay * 1.6 < MaxDelay ? delay * 1.6 : MaxDelay;
        }
    }

    private async Task<(bool Joined, bool Forgetting, string Reason)> TryJoinAsync(string target, CancellationToken stopping)
    {
        CallResult<Introduction> introduced = await caller.IntroduceAsync(target, options.CallTimeoutMax, stopping);
        if (introduced is { Reason: Refusal.OtherRing, Detail: { } detail })
            return (false, false, await RefuseAsync($"{target} says: {detail}", stopping));
        if (!introduced.IsAnswered)
            return (false, false, $"no answer ({introduced.Detail}).");
        if (introduced.Value!.Self == options.Self)
            return (false, false, "it is this peer itself; set TARGET_ADDRESS to another.");
        if (introduced.Value.Phase != MemberPhase.Member)
            return (false, false, "it is no member of a ring itself.");
        while (_signals.Reader.TryRead(out _))
        {
            // What was said about earlier tries does not count for this one.
        }
        await loop.PostAsync(new ChordEvent.JoinThrough(introduced.Value.Self), stopping);
        // Long enough for the lookup and for asking the predecessor twice.
        switch (await NextSignalAsync(options.RequestTimeout + (4 * options.CallTimeoutMax), stopping))
        {
            case EntrySignal.Joined:
            // Company came to us before we went: there was nothing to join any more, and nothing is signalled.
            case null when loop.State is { IsMember: true, IsAlone: false }:
                return (true, false, "");
            // Whether that is so a seed peer cannot be asked, and one that lies is no reason to give up for good.
            case EntrySignal.Failed(JoinFailure.IdentifierTaken, { } seed) when caller.IsSeed(seed):
                return (false, false, $"a seed peer at {seed.Address} goes by identifier {options.Self.Id}; if it is no mistake, set another NODE_ID.");
            case EntrySignal.Failed(JoinFailure.IdentifierTaken, var other):
                return (false, false, await RefuseAsync($"identifier {options.Self.Id} is taken by the peer at {other?.Address}; set another NODE_ID.", stopping));
            case EntrySignal.Failed(JoinFailure.StillRemembered, _):
                return (false, true, "the ring still counts this peer's former self.");
            case EntrySignal.Failed(JoinFailure.PlaceMoved, _):
                return (false, true, "the ring moved meanwhile.");
            default:
                return (false, false, "the ring did not answer the lookup of this peer's place.");
        }
    }

    /// <summary>Final: trying again cannot help. Ends the process with exit code 1.</summary>
    private async Task<string> RefuseAsync(string reason, CancellationToken stopping)
    {
        Log.JoinRefused(logger, reason);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping);
        return reason;
    }

    private async Task<EntrySignal?> NextSignalAsync(TimeSpan patience, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            return await _signals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }
}
