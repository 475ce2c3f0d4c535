using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>Calls seed peers in their own contract. Every call has a deadline, and few are under way to one peer at once: it has ten threads, and forwards on them.</summary>
/// <param name="report">What a seed peer said that cannot be right.</param>
public sealed class SeedCaller(int bits, PeerChannels channels, RoundTripTable roundTrips, TimeSpan timeoutMax, TimeProvider time, Action<PeerRef, SeedFault, PeerRef?> report)
{
    private const int MaxCallsAtOnce = 3;
    private const int MaxPeers = 1024;

    /// <summary>Entries of a finger table that are looked at.</summary>
    private const int MaxFingers = 64;

    private static readonly Seed.Empty Nothing = new();

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    /// <summary>Whether this ring can have seed peers at all.</summary>
    public bool IsPossible => bits <= SeedMapping.MaxBits;

    public async Task<SeedReply> FindSuccessorAsync(PeerRef seed, Identifier id, CancellationToken cancellationToken) => Of(await CallAsync(
        seed.Address, roundTrips.TimeoutOf(seed.Address),
        (client, options) => client.FindSuccessorAsync(new Seed.FindSuccessorRequest { Id = (int)id.ToUInt64() }, options),
        reply => PeerOf(seed, reply), cancellationToken).ConfigureAwait(false));

    /// <summary>The owner of an identifier, by the seed peer's own lookup over as many peers as it takes; null where it does not say.</summary>
    public async Task<PeerRef?> LookUpAsync(string address, Identifier id, CancellationToken cancellationToken) => (await CallAsync(
        address, timeoutMax,
        (client, options) => client.FindSuccessorAsync(new Seed.FindSuccessorRequest { Id = (int)id.ToUInt64() }, options),
        reply => SeedMapping.PeerFromWire(reply, bits), cancellationToken).ConfigureAwait(false)).Value;

    public async Task<SeedReply> GetPredecessorAsync(PeerRef seed, CancellationToken cancellationToken) => Of(await CallTwiceAsync(
        seed,
        static (client, options) => client.GetPredecessorAsync(Nothing, options),
        reply => PeerOf(seed, reply), cancellationToken).ConfigureAwait(false));

    public async Task<ImmutableArray<PeerRef>> GetFingersAsync(string address, CancellationToken cancellationToken)
    {
        CallResult<ImmutableArray<PeerRef>> told = await CallAsync(
            address, roundTrips.TimeoutOf(address),
            static (client, options) => client.GetFingerTableAsync(Nothing, options),
            reply => (ImmutableArray<PeerRef>)[.. reply.Entries.Take(MaxFingers).Select(WellFormed).OfType<PeerRef>()], cancellationToken).ConfigureAwait(false);
        return told.IsAnswered ? told.Value : [];
    }

    public Task NotifyAsync(PeerRef seed, PeerRef who, CancellationToken cancellationToken) =>
        TellAsync(seed, who, static (client, node, options) => client.NotifyAsync(node, options), cancellationToken);

    public Task UpdateSuccessorAsync(PeerRef seed, PeerRef who, CancellationToken cancellationToken) =>
        TellAsync(seed, who, static (client, node, options) => client.UpdateSuccessorAsync(node, options), cancellationToken);

    public Task UpdatePredecessorAsync(PeerRef seed, PeerRef who, CancellationToken cancellationToken) =>
        TellAsync(seed, who, static (client, node, options) => client.UpdatePredecessorAsync(node, options), cancellationToken);

    /// <summary>Stores a value in the seed peer's own memory; the empty one is how its contract says that there is none.</summary>
    public async Task<bool> StoreAsync(PeerRef seed, string key, string value, CancellationToken cancellationToken) => (await CallAsync(
        seed.Address, timeoutMax,
        (client, options) => client.StoreResourceAsync(new Seed.StoreRequest { Key = key, Value = value }, options),
        static _ => true, cancellationToken).ConfigureAwait(false)).IsAnswered;

    /// <summary>The value that the seed peer finds for a key; empty when there is none, null when it is silent.</summary>
    public async Task<string?> LookUpValueAsync(PeerRef seed, string key, CancellationToken cancellationToken) => (await CallAsync(
        seed.Address, timeoutMax,
        (client, options) => client.LookupResourceAsync(new Seed.LookupRequest { Key = key }, options),
        static reply => reply.Value, cancellationToken).ConfigureAwait(false)).Value;

    private static SeedReply Of(CallResult<PeerRef?> result) => new(result.IsAnswered, result.Value);

    /// <summary>Nobody, or a peer. What is malformed is told and counts as silence.</summary>
    private PeerRef? PeerOf(PeerRef seed, Seed.NodeInfo node)
    {
        if (SeedMapping.IsNobody(node))
            return null;
        try
        {
            return SeedMapping.PeerFromWire(node, bits);
        }
        catch (RefusedException)
        {
            report(seed, SeedFault.Malformed, null);
            throw;
        }
    }

    private PeerRef? WellFormed(Seed.NodeInfo node) =>
        node.Id >= 0 && node.Id < 1L << bits && PeerAddress.IsWellFormed(node.Address) ? SeedMapping.PeerFromWire(node, bits) : null;

    private async Task TellAsync(
        PeerRef seed, PeerRef who, Func<Seed.ChordService.ChordServiceClient, Seed.NodeInfo, CallOptions, AsyncUnaryCall<Seed.Empty>> call, CancellationToken cancellationToken) =>
        await CallAsync(
            seed.Address, roundTrips.TimeoutOf(seed.Address), (client, options) => call(client, SeedMapping.ToWire(who), options), static _ => true, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>A slow one gets a second, longer chance, as our own peers do.</summary>
    private async Task<CallResult<TResult>> CallTwiceAsync<TReply, TResult>(
        PeerRef seed, Func<Seed.ChordService.ChordServiceClient, CallOptions, AsyncUnaryCall<TReply>> call, Func<TReply, TResult> read, CancellationToken cancellationToken)
    {
        TimeSpan timeout = roundTrips.TimeoutOf(seed.Address);
        long started = time.GetTimestamp();
        CallResult<TResult> first = await CallAsync(seed.Address, timeout, call, read, cancellationToken).ConfigureAwait(false);
        if (first.Status != CallStatus.Silent || time.GetElapsedTime(started) < timeout)
            return first;
        report(seed, SeedFault.Slow, null);
        return await CallAsync(seed.Address, 2 * timeout, call, read, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CallResult<TResult>> CallAsync<TReply, TResult>(
        string address, TimeSpan timeout, Func<Seed.ChordService.ChordServiceClient, CallOptions, AsyncUnaryCall<TReply>> call, Func<TReply, TResult> read,
        CancellationToken cancellationToken)
    {
        if (_turns.Count >= MaxPeers)
            _turns.Clear();
        SemaphoreSlim turn = _turns.GetOrAdd(address, static _ => new SemaphoreSlim(MaxCallsAtOnce));
        if (!await turn.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
            return CallResult<TResult>.Silent($"{MaxCallsAtOnce} calls to it are under way, and none ended within {timeout}.");
        try
        {
            var client = new Seed.ChordService.ChordServiceClient(channels.To(address));
            return await PeerCalls.CallAsync(
                address, timeout, time, options => call(client, options), read, roundTrip => roundTrips.Count(address, roundTrip), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }
}
