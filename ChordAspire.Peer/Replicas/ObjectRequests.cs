using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>An object that fits into one message.</summary>
internal sealed record SmallObject(ReadOnlyMemory<byte> Content, ObjectVersion Version);

/// <summary>Small puts and gets through this peer, wherever the owner is: lookup, then the owner. While the ring is in repair they try again until their time is up.</summary>
internal sealed class ObjectRequests(
    PeerLoop loop, CopyCaller caller, LookupDriver lookups, HolderLookup holders, ObjectOwner here, PeerOptions options, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Stores through this peer.</summary>
    /// <exception cref="RefusedException">The owner refused, or none was found in time.</exception>
    public async Task<(PeerRef Owner, StoredAt Stored)> PutAsync(string key, ReadOnlyMemory<byte> content, ActivityContext parent, CancellationToken cancellationToken)
    {
        using Activity? span = PeerTelemetry.StartRequest("chord.put", parent);
        return await AtOwnerAsync(key, async (owner, timeUp) =>
        {
            if (owner == options.Self)
                return await here.PutAsync(key, content, announced: null, timeUp);
            using Activity? store = PeerTelemetry.StartStorage("chord.store", owner);
            // A replica that is silent is waited for at the owner; nobody is to give up on that one meanwhile.
            TimeSpan patience = (2 * options.CallTimeoutMax) + options.Storage.Patience;
            CallResult<StoredAt> result = await caller.PutAsync(owner, key, content, patience, timeUp);
            return result.IsAnswered
                ? result.Value
                : throw new RefusedException(result.Reason ?? Refusal.Unavailable, result.Detail ?? "The owner is silent.");
        }, parent, cancellationToken);
    }

    /// <summary>Fetches through this peer; null when there is no such object.</summary>
    /// <exception cref="RefusedException">No owner was found in time, or the object does not fit into a message.</exception>
    public async Task<(PeerRef Owner, SmallObject? Found)> GetAsync(string key, ActivityContext parent, CancellationToken cancellationToken)
    {
        using Activity? span = PeerTelemetry.StartRequest("chord.get", parent);
        return await AtOwnerAsync(key, async (owner, timeUp) =>
        {
            using Activity? fetch = PeerTelemetry.StartStorage("chord.fetch", owner);
            using ObjectDownload download = await caller.GetAsync(owner, key, options.CallTimeoutMax, timeUp);
            return download.Version is { } version ? new SmallObject(await WholeAsync(download, key), version) : null;
        }, parent, cancellationToken);
    }

    private static async Task<ReadOnlyMemory<byte>> WholeAsync(ObjectDownload download, string key)
    {
        if (download.Size > RingLimits.MaxValueBytes)
        {
            throw new RefusedException(
                Refusal.Exhausted, $"'{key}' has {download.Size} bytes, and one message takes {RingLimits.MaxValueBytes}; use chord.ring.v1.ObjectService/Get at its owner.");
        }
        ReadOnlyMemory<byte> first = await download.ReadAsync();
        if (first.Length == download.Size)
            return first;
        byte[] content = new byte[download.Size];
        int filled = 0;
        for (ReadOnlyMemory<byte> chunk = first; !chunk.IsEmpty && chunk.Length <= content.Length - filled; chunk = await download.ReadAsync())
        {
            chunk.CopyTo(content.AsMemory(filled));
            filled += chunk.Length;
        }
        return filled == content.Length ? content : throw new RefusedException(Refusal.Unavailable, $"'{key}' came with another length than announced.");
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
                if (run.Outcome.Owner is { } found && await holders.BehindAsync(found, parent, either.Token) is { } owner)
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
}
