using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Carries out what replication wants done; each outcome comes back to its loop as an event.</summary>
internal sealed class ReplicationCarrier(
    ReplicationLoop loop, PeerLoop ring, RingCaller peers, CopyCaller caller, CopyTransfers transfers, LookupDriver lookups, HolderLookup holders, ObjectStore store, PeerOptions options, TimeProvider time,
    ILogger<ReplicationCarrier> logger)
{
    private static readonly TimeSpan TimeBetweenComplaints = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _leaveReady = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long? _noRoomTold;

    /// <summary>Gives the successors what they will own; ends when that is done, or the time to leave is nearly up.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await loop.PostAsync(new ReplicationEvent.LeaveRequested(), cancellationToken);
        try
        {
            // A quarter of the time is kept for telling the neighbours.
            await _leaveReady.Task.WaitAsync(options.LeaveTimeout * 0.75, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.LeftCopiesBehind(logger);
        }
    }

    /// <summary>Starts an effect and does not wait for it.</summary>
    public void Start(ReplicationEffect effect, CancellationToken stopping)
    {
        if (effect is ReplicationEffect.LeaveReady)
            _leaveReady.TrySetResult();
        else
            _ = CarryAsync(effect, stopping);
    }

    private async Task CarryAsync(ReplicationEffect effect, CancellationToken stopping)
    {
        ReplicationEvent? outcome;
        try
        {
            outcome = await OutcomeAsync(effect, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            // A transfer that broke is tried again at the next comparison; an outcome that never came would stop that for good.
            Tell(effect, failure);
            outcome = FailureOf(effect);
        }
        if (outcome is null)
            return;
        try
        {
            await loop.PostAsync(outcome, stopping);
        }
        catch (OperationCanceledException)
        {
            // The peer is ending.
        }
    }

    private async Task<ReplicationEvent?> OutcomeAsync(ReplicationEffect effect, CancellationToken stopping)
    {
        switch (effect)
        {
            case ReplicationEffect.AskArcs(PeerRef peer, int number, var claim, var questions):
                CallResult<ArcsTold> told = await caller.AskArcsAsync(
                    peer, claim, leaving: ring.State.Phase == MemberPhase.Leaving, questions, options.CallTimeoutMax, stopping);
                if (told.Status == CallStatus.OtherContract)
                    peers.NoteSeed(peer);
                return told.IsAnswered
                    ? new ReplicationEvent.ArcsTold(peer, number, told.Value!.Answers, told.Value.Own, told.Value.Replicated)
                    : new ReplicationEvent.ArcsNotTold(peer, number);
            case ReplicationEffect.Fetch(PeerRef peer, int number, ObjectEntry entry):
                return new ReplicationEvent.TransferEnded(peer, number, await transfers.FetchAsync(peer, entry, stopping));
            case ReplicationEffect.Push(PeerRef peer, int number, ObjectEntry entry):
                return new ReplicationEvent.TransferEnded(peer, number, await transfers.PushAsync(peer, entry.Id, stopping));
            case ReplicationEffect.Drop(ObjectEntry entry):
                if (await store.DropAsync(entry, stopping))
                    await loop.PostAsync(new ReplicationEvent.Gone(entry.Id), stopping);
                return null;
            case ReplicationEffect.FindOwner(Identifier objectId):
                LookupOutcome found = await lookups.LookUpForMaintenanceAsync(ObjectPlace.Of(objectId, options.Ring.Bits), contact: null, stopping);
                return new ReplicationEvent.OwnerFound(found.Owner is { } owner ? await holders.BehindAsync(owner, parent: null, stopping) : null);
            case ReplicationEffect.Offer(PeerRef peer):
                await caller.OfferAsync(peer, options.CallTimeoutMax, stopping);
                return null;
            default:
                throw new UnreachableException($"No way to carry out {effect}.");
        }
    }

    private void Tell(ReplicationEffect effect, Exception failure)
    {
        switch (failure)
        {
            case RefusedException or DamagedObjectException:
                // The other's trouble, or told already.
                break;
            case StorageRefusedException:
                // It will be so at every round until somebody makes room.
                if (_noRoomTold is { } told && time.GetElapsedTime(told) < TimeBetweenComplaints)
                    break;
                _noRoomTold = time.GetTimestamp();
                Log.NoRoomForCopies(logger, failure.Message);
                break;
            default:
                Log.CopyFailed(logger, effect, failure);
                break;
        }
    }

    private static ReplicationEvent? FailureOf(ReplicationEffect effect) => effect switch
    {
        ReplicationEffect.AskArcs(PeerRef peer, int number, _, _) => new ReplicationEvent.ArcsNotTold(peer, number),
        ReplicationEffect.Fetch(PeerRef peer, int number, _) => new ReplicationEvent.TransferEnded(peer, number, Done: false),
        ReplicationEffect.Push(PeerRef peer, int number, _) => new ReplicationEvent.TransferEnded(peer, number, Done: false),
        ReplicationEffect.FindOwner => new ReplicationEvent.OwnerFound(null),
        _ => null,
    };
}
