using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Counts the copies of one write as they come to be on disk, and says when it may be acknowledged. For many threads.</summary>
internal sealed class WriteCount(PeerRef[] replicas)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PeerRef> _missing = [.. replicas];
    private WriteTally _tally = new(1 + replicas.Length);
    private bool _patienceOver;
    private (PeerRef Replica, RefusedException Reason)? _full;

    /// <summary>Whether it may be acknowledged, as soon as that is clear.</summary>
    public Task<bool> Ended => _ended.Task;

    /// <summary>Copies on disk, the owner's among them.</summary>
    public int Done
    {
        get
        {
            lock (_gate)
                return _tally.Done;
        }
    }

    /// <summary>Replicas that do not have it yet, or will not have it.</summary>
    public PeerRef[] Missing
    {
        get
        {
            lock (_gate)
                return [.. _missing];
        }
    }

    public void OwnerDone() => Count(tally => tally with { OwnerDone = true });

    /// <summary>Without the owner's own copy nothing is acknowledged.</summary>
    public void OwnerFailed(Exception? failure)
    {
        if (failure is null)
            _ended.TrySetResult(false);
        else
            _ended.TrySetException(failure);
    }

    /// <summary>Why a replica will not have it. That it has no room is worth knowing: trying again does not help then.</summary>
    public void ReplicaRefused(PeerRef replica, RefusedException reason)
    {
        if (reason.Reason != Refusal.Exhausted)
            return;
        lock (_gate)
            _full ??= (replica, reason);
    }

    /// <summary>What the writer is told when it may not be acknowledged.</summary>
    public RefusedException Failure(int copies)
    {
        lock (_gate)
        {
            return _full is { } full
                ? new RefusedException(Refusal.Exhausted, $"Only {_tally.Done} of {copies} copies could be made. {full.Replica} says: {full.Reason.Message}", full.Reason)
                : new RefusedException(Refusal.Unavailable, $"Only {_tally.Done} of {copies} copies could be made; try again.");
        }
    }

    public void ReplicaEnded(PeerRef replica, bool done) => Count(tally =>
    {
        if (!done)
            return tally with { ReplicasFailed = tally.ReplicasFailed + 1 };
        _missing.Remove(replica);
        return tally with { ReplicasDone = tally.ReplicasDone + 1 };
    });

    /// <summary>Whoever is slow has been waited for long enough.</summary>
    public void EndPatience() => Count(tally =>
    {
        _patienceOver = true;
        return tally;
    });

    private void Count(Func<WriteTally, WriteTally> change)
    {
        lock (_gate)
        {
            _tally = change(_tally);
            if (_tally.IsHopeless)
                _ended.TrySetResult(false);
            else if (_tally.MayAcknowledge(_patienceOver))
                _ended.TrySetResult(true);
        }
    }
}
