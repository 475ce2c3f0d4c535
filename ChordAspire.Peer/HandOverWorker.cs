using System.Collections.Immutable;
using System.Threading.Channels;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Moves values to their owners: to a new predecessor when the arc shrinks, and to the successor when this peer leaves.</summary>
internal sealed class HandOverWorker(
    PeerLoop loop, PeerCaller caller, LookupDriver lookups, IValueStore values, PeerOptions options, TimeProvider time, ILogger<HandOverWorker> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BatchTimeout = TimeSpan.FromSeconds(3);

    private readonly Channel<bool> _triggers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>How many values this peer has handed over since it started.</summary>
    public long HandedOver { get; private set; }

    /// <summary>The arc shrank, or a value was stored that is not ours any more: look through the store.</summary>
    public void Trigger() => _triggers.Writer.TryWrite(true);

    /// <summary>
    /// Gives everything to the successor, or where that one does not take it to the next in line, which keeps it for the owner; ends when the
    /// store is empty or the time to leave is up.
    /// </summary>
    public async Task HandOverEverythingAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        values.Seal();
        int leavingToo = 0;
        for (int failures = 0; values.Count > 0;)
        {
            // A quarter of the time is kept for telling the neighbours.
            TimeSpan left = (options.LeaveTimeout * 0.75) - time.GetElapsedTime(started);
            ImmutableArray<PeerRef> successors = loop.State.Successors.Peers;
            // Where all peers leave at the same moment nobody can take anything, and none needs to wait.
            if (left <= TimeSpan.Zero || leavingToo >= successors.Length)
                return;
            IReadOnlyList<StoredValue> batch = await BatchAsync(static _ => true, cancellationToken);
            TimeSpan timeout = options.LeaveTimeout / 4 < left ? options.LeaveTimeout / 4 : left;
            (int taken, Refusal? refusal) = await SendAsync(successors[failures % successors.Length], leaving: true, batch, timeout, cancellationToken);
            if (taken > 0)
                continue;
            failures++;
            leavingToo = refusal is Refusal.NotOwner or Refusal.NotMember ? leavingToo + 1 : 0;
            await Task.Delay(RetryDelay / 5, time, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _triggers.Reader.WaitToReadAsync(stoppingToken))
        {
            _triggers.Reader.TryRead(out _);
            if (await SweepAsync(stoppingToken))
                continue;
            await Task.Delay(RetryDelay, time, stoppingToken);
            Trigger();
        }
    }

    /// <summary>Hands over what is not ours; false when some of it could not be placed yet.</summary>
    private async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        while (loop.State is { Phase: MemberPhase.Member } state)
        {
            IReadOnlyList<StoredValue> misplaced = await BatchAsync(place => !Routing.Owns(loop.State, place), cancellationToken);
            if (misplaced.Count == 0)
                return true;
            // Nearly always the new predecessor owns them; only what it refuses is worth a lookup.
            int moved = state.Predecessor is { } predecessor ? (await SendAsync(predecessor, leaving: false, misplaced, BatchTimeout, cancellationToken)).Taken : 0;
            if (moved == 0)
                moved = await SendToOwnerAsync(misplaced, cancellationToken);
            if (moved == 0)
                return false;
        }
        return true;
    }

    private async Task<int> SendToOwnerAsync(IReadOnlyList<StoredValue> misplaced, CancellationToken cancellationToken)
    {
        Identifier place = IdentifierCircle.PlaceOf(misplaced[0].Key, options.Ring.Bits);
        LookupOutcome found = await lookups.LookUpForMaintenanceAsync(place, contact: null, cancellationToken);
        return found.Owner is { } owner && owner != options.Self ? (await SendAsync(owner, leaving: false, misplaced, BatchTimeout, cancellationToken)).Taken : 0;
    }

    private async Task<IReadOnlyList<StoredValue>> BatchAsync(Func<Identifier, bool> where, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredValue> found = await values.FindAsync(where, RingLimits.MaxHandOverValues, cancellationToken);
        long bytes = 0;
        return [.. found.TakeWhile((value, index) => (bytes += value.Content.Length) <= RingLimits.MaxHandOverBytes || index == 0)];
    }

    /// <summary>How many of the values the receiver took, or why it refused. They are forgotten here only when it took them.</summary>
    private async Task<(int Taken, Refusal? Refusal)> SendAsync(
        PeerRef to, bool leaving, IReadOnlyList<StoredValue> batch, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CallResult<ImmutableArray<string>> result = await caller.HandOverAsync(to, options.Self, leaving, batch, timeout, cancellationToken);
        if (!result.IsAnswered)
        {
            Log.HandOverFailed(logger, to, result.Detail);
            return (0, result.Reason);
        }
        HashSet<string> taken = [.. result.Value];
        foreach (StoredValue value in batch.Where(value => taken.Contains(value.Key)))
            await values.RemoveAsync(value, cancellationToken);
        HandedOver += taken.Count;
        if (taken.Count > 0)
            Log.HandedOver(logger, taken.Count, to);
        return (taken.Count, null);
    }
}
