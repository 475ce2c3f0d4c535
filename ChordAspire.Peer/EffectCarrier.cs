using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Carries out effects over gRPC; each outcome comes back to the loop as an event.</summary>
internal sealed class EffectCarrier(
    PeerLoop loop, RingCaller caller, LookupDriver lookups, ReplicationCarrier replication, RingEntry entry, NoticeBoard notices, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<EffectCarrier> logger)
{
    private static readonly TimeSpan OverloadDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a peer that says it has too much to do is asked again before it counts as silent.</summary>
    private const int MaxInsisting = 20;

    // Touched by the event loop only.
    private readonly List<Task> _goodbyes = [];
    private readonly TaskCompletionSource _departed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when this peer has left the ring and its neighbours have been told.</summary>
    public Task Departed => _departed.Task;

    /// <summary>Starts an effect and does not wait for it.</summary>
    public void Start(Effect effect, CancellationToken stopping)
    {
        switch (effect)
        {
            case Effect.AnswerNeighbors(long token, var neighbors):
                loop.AnswerNeighbors(token, neighbors);
                break;
            case Effect.Report(ChordNotice notice):
                notices.Post(notice);
                if (notice is ChordNotice.BecameMember)
                    entry.Signal(new EntrySignal.Joined());
                if (notice is ChordNotice.LeftRing)
                    _ = SayFarewellAsync();
                break;
            case Effect.HandOver:
                // Replication hears of the ring's changes itself.
                break;
            case Effect.JoinFailed(JoinFailure reason, var peer):
                entry.Signal(new EntrySignal.Failed(reason, peer));
                break;
            case Effect.SeekRing(var contacts):
                entry.Signal(new EntrySignal.Seek(contacts));
                break;
            case Effect.TellDeparture:
                _goodbyes.Add(CarryAsync(effect, stopping));
                break;
            default:
                _ = CarryAsync(effect, stopping);
                break;
        }
    }

    /// <summary>The ring has been left and the goodbyes have been answered.</summary>
    private async Task SayFarewellAsync()
    {
        await Task.WhenAll(_goodbyes);
        _departed.TrySetResult();
    }

    private async Task CarryAsync(Effect effect, CancellationToken stopping)
    {
        try
        {
            if (await OutcomeAsync(effect, stopping) is { } outcome)
                await loop.PostAsync(outcome, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The peer is ending; nobody waits for the outcome any more.
        }
        catch (Exception unforeseen)
        {
            // An outcome that never comes would stop this peer's housekeeping for good. Better that it fails: the others are made for that.
            Log.EffectBroke(logger, effect, unforeseen);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    private async Task<ChordEvent?> OutcomeAsync(Effect effect, CancellationToken stopping)
    {
        switch (effect)
        {
            case Effect.AskNeighbors(PeerRef peer, int question):
                CallResult<Neighbors> told = await InsistAsync(() => caller.ReadNeighborsAsync(peer, stopping), stopping);
                if (told.Status == CallStatus.Refused)
                    Log.AnsweredBadly(logger, peer, told.Detail);
                return told.IsAnswered ? new ChordEvent.NeighborsTold(peer, question, told.Value!) : new ChordEvent.NeighborsNotTold(peer, question);
            case Effect.Ping(PeerRef peer):
                CallResult<bool> ping = await InsistAsync(() => caller.PingAsync(peer, stopping), stopping);
                return ping.IsAnswered ? new ChordEvent.PingAnswered(peer) : new ChordEvent.PingNotAnswered(peer);
            case Effect.Notify(PeerRef peer):
                await caller.NotifyAsync(peer, loop.State.Self, stopping);
                return null;
            case Effect.TellDeparture(PeerRef peer):
                await caller.DepartAsync(peer, loop.State, stopping);
                return null;
            case Effect.LookUp(Identifier key, LookupPurpose purpose, var contact):
                LookupOutcome found = await lookups.LookUpForMaintenanceAsync(key, contact, stopping);
                return new ChordEvent.LookupEnded(purpose, found);
            case Effect.HandOverEverything:
                await replication.LeaveAsync(stopping);
                return new ChordEvent.HandedOver();
            default:
                throw new InvalidOperationException($"No way to carry out {effect}.");
        }
    }

    /// <summary>A peer with too much to do is alive: dropping it would make things worse.</summary>
    private async Task<CallResult<T>> InsistAsync<T>(Func<Task<CallResult<T>>> call, CancellationToken stopping)
    {
        CallResult<T> result = await call();
        for (int i = 0; i < MaxInsisting && result.Reason == Refusal.Exhausted; i++)
        {
            await Task.Delay(OverloadDelay, time, stopping);
            result = await call();
        }
        return result;
    }
}
