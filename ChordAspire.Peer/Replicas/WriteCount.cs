using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Follows the copies of one write as they come to be on disk, and says when it may be acknowledged.</summary>
internal sealed class WriteCount(ObjectVersion version, PeerRef[] replicas)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PeerRef> _missing = [.. replicas];
    private WriteTally _tally = new(1 + replicas.Length);
    private bool _patienceOver;
    private (PeerRef Replica, RefusedException Reason)? _full;

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

    /// <summary>What the writer is told when it may not be acknowledged.</summary>
    public RefusedException Failure
    {
        get
        {
            lock (_gate)
            {
                // That a replica has no room is worth knowing: trying again does not help then.
                return _full is { } full
                    ? new RefusedException(Refusal.Exhausted, $"Only {_tally.Done} of {_tally.Copies} copies could be made. {full.Replica} says: {full.Reason.Message}", full.Reason)
                    : new RefusedException(Refusal.Unavailable, $"Only {_tally.Done} of {_tally.Copies} copies could be made; try again.");
            }
        }
    }

    /// <summary>Follows the owner's own copy, without which nothing is acknowledged. Does not throw.</summary>
    /// <param name="writing">Ends with the version that the disk holds then.</param>
    public async Task FollowOwnAsync(Task<ObjectVersion> writing)
    {
        try
        {
            if (await writing == version)
                Count(tally => tally with { OwnerDone = true });
            else
                _ended.TrySetResult(false);
        }
        catch (Exception failure)
        {
            _ended.TrySetException(failure);
        }
    }

    /// <summary>Follows a replica's copy.</summary>
    /// <param name="writing">Ends with whether it is on disk there, or with <see cref="RefusedException"/>.</param>
    public async Task FollowReplicaAsync(PeerRef replica, Task<bool> writing)
    {
        bool done = false;
        try
        {
            done = await writing;
        }
        catch (RefusedException refused)
        {
            // It is silent, or has no room: one copy less.
            if (refused.Reason == Refusal.Exhausted)
            {
                lock (_gate)
                    _full ??= (replica, refused);
            }
        }
        finally
        {
            Count(tally =>
            {
                if (!done)
                    return tally with { ReplicasFailed = tally.ReplicasFailed + 1 };
                _missing.Remove(replica);
                return tally with { ReplicasDone = tally.ReplicasDone + 1 };
            });
        }
    }

    /// <summary>Whether it may be acknowledged, as soon as that is clear.</summary>
    /// <param name="patience">How long those who are slow are waited for, when there are enough others.</param>
    public async Task<bool> EndedAsync(TimeSpan patience, TimeProvider time)
    {
        try
        {
            return await _ended.Task.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            Count(tally =>
            {
                _patienceOver = true;
                return tally;
            });
            return await _ended.Task;
        }
    }

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
