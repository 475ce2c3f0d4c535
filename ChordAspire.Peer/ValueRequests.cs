using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Puts and gets: lookup, then the owner. While the ring is in repair they try again until their time is up.</summary>
internal sealed class ValueRequests(
    PeerLoop loop, PeerCaller caller, LookupDriver lookups, IValueStore values, HandOverWorker handOver, PeerOptions options, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Stores through this peer, wherever the owner is.</summary>
    /// <exception cref="RefusedException">The owner refused, or none was found in time.</exception>
    public async Task<(PeerRef Owner, long Version)> PutAsync(string key, ReadOnlyMemory<byte> content, ActivityContext parent, CancellationToken cancellationToken)
    {
        using Activity? span = PeerTelemetry.StartRequest("chord.put", parent);
        return await AtOwnerAsync(key, async (owner, timeUp) =>
        {
            if (owner == options.Self)
                return await StoreHereAsync(key, content, timeUp);
            using Activity? store = PeerTelemetry.StartStorage("chord.store", owner);
            return Unwrap(await caller.StoreValueAsync(owner, key, content, options.CallTimeoutMax, timeUp));
        }, parent, cancellationToken);
    }

    /// <summary>Fetches through this peer; null when there is no such value.</summary>
    /// <exception cref="RefusedException">No owner was found in time.</exception>
    public async Task<(PeerRef Owner, StoredValue? Value)> GetAsync(string key, ActivityContext parent, CancellationToken cancellationToken)
    {
        using Activity? span = PeerTelemetry.StartRequest("chord.get", parent);
        return await AtOwnerAsync(key, async (owner, timeUp) =>
        {
            if (owner == options.Self)
                return await FetchHereAsync(key, timeUp);
            using Activity? fetch = PeerTelemetry.StartStorage("chord.fetch", owner);
            return Unwrap(await caller.FetchValueAsync(owner, key, heldOnly: false, options.CallTimeoutMax, timeUp));
        }, parent, cancellationToken);
    }

    /// <summary>Stores at this peer, which must own the key.</summary>
    /// <exception cref="RefusedException">It does not.</exception>
    public async Task<long> StoreHereAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Identifier place = IdentifierCircle.PlaceOf(key, options.Ring.Bits);
        PeerState state = loop.State;
        if (state.Phase != MemberPhase.Member || !Routing.Owns(state, place))
            throw new RefusedException(Refusal.NotOwner, $"Peer {options.Self} does not own the key at {place}.");
        long version = await values.PutAsync(key, place, content, cancellationToken);
        // The arc may have shrunk in between; then the value has to follow it.
        if (!Routing.Owns(loop.State, place))
            handOver.Trigger();
        return version;
    }

    /// <summary>What this peer holds of a key; what has not been handed over to it yet, or on leaving already by it, is at its successor.</summary>
    public async Task<StoredValue?> FetchHereAsync(string key, CancellationToken cancellationToken)
    {
        if (await values.GetAsync(key, cancellationToken) is { } held)
            return held;
        if (loop.State is not { IsMember: true, Successors.First: { } successor })
            return null;
        CallResult<StoredValue?> fetched = await caller.FetchValueAsync(successor, key, heldOnly: true, options.CallTimeoutMax, cancellationToken);
        // It may have arrived here while the successor was being asked.
        return fetched.Value ?? await values.GetAsync(key, cancellationToken);
    }

    private async Task<(PeerRef Owner, T Value)> AtOwnerAsync<T>(
        string key, Func<PeerRef, CancellationToken, Task<T>> request, ActivityContext parent, CancellationToken cancellationToken)
    {
        Identifier place = IdentifierCircle.PlaceOf(key, options.Ring.Bits);
        RefusedException? failure = null;
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (true)
            {
                // Who has left the ring meanwhile must not keep its clients waiting, nor itself.
                RequestContext.MemberOf(loop);
                LookupRun run = await lookups.LookUpAsync(place, parent, either.Token);
                if (run.Outcome.Owner is { } owner)
                {
                    try
                    {
                        return (owner, await request(owner, either.Token));
                    }
                    catch (RefusedException refused) when (refused.Reason is Refusal.NotOwner or Refusal.NotMember or Refusal.Unavailable)
                    {
                        failure = refused;
                    }
                }
                await Task.Delay(RetryDelay, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw failure ?? new RefusedException(Refusal.Unavailable, $"No owner of the key at {place} was found within {options.RequestTimeout}.");
        }
    }

    private static T Unwrap<T>(CallResult<T> result) => result.IsAnswered
        ? result.Value!
        : throw new RefusedException(result.Reason ?? Refusal.Unavailable, result.Detail ?? "The owner is silent.");
}
