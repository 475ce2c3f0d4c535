using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>Calls other peers. Every call has a deadline and ends as a <see cref="CallResult{T}"/>.</summary>
public sealed class PeerCaller(ChordParameters parameters, PeerChannels channels, RoundTripTable roundTrips, TimeProvider time)
{
    /// <summary>Who answers at an address, and in which phase it is.</summary>
    public Task<CallResult<Introduction>> IntroduceAsync(string address, TimeSpan timeout, CancellationToken cancellationToken) => CallAsync(
        address, timeout, new Wire.IntroduceRequest { Parameters = WireMapping.ToWire(parameters) },
        static (client, request, options) => client.IntroduceAsync(request, options),
        (Wire.IntroduceReply reply) => new Introduction(
            WireMapping.PeerFromWire(reply.Self, parameters.Bits, "self"), WireMapping.PhaseFromWire(reply.Phase), reply.Alone),
        cancellationToken);

    /// <summary>One hop of a lookup.</summary>
    public Task<CallResult<RouteAnswer>> RouteAsync(PeerRef peer, Identifier key, int hop, TimeSpan timeout, CancellationToken cancellationToken) => CallAsync(
        peer.Address, timeout, new Wire.RouteRequest { To = WireMapping.ToWire(peer.Id), Key = WireMapping.ToWire(key), Hop = (uint)hop },
        static (client, request, options) => client.RouteAsync(request, options),
        (Wire.RouteReply reply) => WireMapping.FromWire(reply, parameters.Bits),
        cancellationToken);

    public Task<CallResult<Neighbors>> ReadNeighborsAsync(PeerRef peer, CancellationToken cancellationToken) => CallTwiceAsync(
        peer.Address, new Wire.ReadNeighborsRequest { To = WireMapping.ToWire(peer.Id) },
        static (client, request, options) => client.ReadNeighborsAsync(request, options),
        (Wire.ReadNeighborsReply reply) => WireMapping.FromWire(reply, parameters.Bits),
        cancellationToken);

    public Task<CallResult<bool>> PingAsync(PeerRef peer, CancellationToken cancellationToken) => CallTwiceAsync(
        peer.Address, new Wire.PingRequest { To = WireMapping.ToWire(peer.Id) },
        static (client, request, options) => client.PingAsync(request, options),
        static (Wire.PingReply _) => true,
        cancellationToken);

    public Task<CallResult<bool>> NotifyAsync(PeerRef peer, PeerRef self, CancellationToken cancellationToken) => CallAsync(
        peer.Address, TimeoutOf(peer), new Wire.NotifyRequest { To = WireMapping.ToWire(peer.Id), Peer = WireMapping.ToWire(self) },
        static (client, request, options) => client.NotifyAsync(request, options),
        static (Wire.NotifyReply _) => true,
        cancellationToken);

    public Task<CallResult<bool>> DepartAsync(PeerRef peer, PeerRef self, CancellationToken cancellationToken) => CallAsync(
        peer.Address, TimeoutOf(peer), new Wire.DepartRequest { To = WireMapping.ToWire(peer.Id), Peer = WireMapping.ToWire(self) },
        static (client, request, options) => client.DepartAsync(request, options),
        static (Wire.DepartReply _) => true,
        cancellationToken);

    /// <summary>How long this peer's silence must last to count.</summary>
    public TimeSpan TimeoutOf(PeerRef peer) => roundTrips.TimeoutOf(peer.Address);

    /// <summary>Maintenance gives a slow peer a second, longer chance: dropping a living neighbour costs more than waiting.</summary>
    private async Task<CallResult<TResult>> CallTwiceAsync<TRequest, TReply, TResult>(
        string address, TRequest request, Func<Wire.PeerService.PeerServiceClient, TRequest, CallOptions, AsyncUnaryCall<TReply>> call,
        Func<TReply, TResult> read, CancellationToken cancellationToken)
    {
        TimeSpan timeout = roundTrips.TimeoutOf(address);
        long started = time.GetTimestamp();
        CallResult<TResult> first = await CallAsync(address, timeout, request, call, read, cancellationToken).ConfigureAwait(false);
        bool timedOut = first.Status == CallStatus.Silent && time.GetElapsedTime(started) >= timeout;
        return timedOut ? await CallAsync(address, 2 * timeout, request, call, read, cancellationToken).ConfigureAwait(false) : first;
    }

    private Task<CallResult<TResult>> CallAsync<TRequest, TReply, TResult>(
        string address, TimeSpan timeout, TRequest request, Func<Wire.PeerService.PeerServiceClient, TRequest, CallOptions, AsyncUnaryCall<TReply>> call,
        Func<TReply, TResult> read, CancellationToken cancellationToken)
    {
        var client = new Wire.PeerService.PeerServiceClient(channels.To(address));
        return PeerCalls.CallAsync(
            address, timeout, time, options => call(client, request, options), read, roundTrip => roundTrips.Count(address, roundTrip), cancellationToken);
    }
}
