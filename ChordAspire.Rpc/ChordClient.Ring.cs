using System.Collections.Immutable;
using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>The ring as a whole, for observers.</summary>
public sealed partial class ChordClient
{
    /// <summary>The longest that one peer of a ring is waited for while all are asked.</summary>
    private static readonly TimeSpan PatienceWithOne = TimeSpan.FromSeconds(3);

    /// <summary>Asks all peers that can be found from the asked one what they say of themselves. Silent ones are part of the answer.</summary>
    /// <remarks>No snapshot: each peer is asked once, many at a time.</remarks>
    /// <param name="timeout">With the asked peer; the others have three seconds at the most.</param>
    /// <exception cref="RefusedException">The asked peer refused, or is silent.</exception>
    public Task<RingReading> ReadRingAsync(CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        new RingReader(_ring, _name, _channels.Open, Shorter(timeout), cancellationToken).RunAsync();

    /// <summary>The same, beginning with the peer at an address.</summary>
    /// <exception cref="RefusedException">It refused, or is silent.</exception>
    public Task<RingReading> ReadRingAsync(string address, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        new RingReader(RingAt(address), address, _channels.Open, Shorter(timeout), cancellationToken).RunAsync();

    /// <summary>Tells a peer to leave the ring in order and to end, as a SIGTERM to its process would. Returns when it has begun to.</summary>
    /// <exception cref="RefusedException">
    /// It is silent, or does not do so for callers from other machines (<see cref="Refusal.NotAllowed"/>), or another peer answers at its address
    /// (<see cref="Refusal.NotMember"/>), or it does not know the request (<see cref="Refusal.NotServed"/>).
    /// </exception>
    public async Task LeaveAsync(PeerRef peer, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(peer);
        await CallAsync(peer.Address, options => RingAt(peer.Address).LeaveAsync(new Wire.LeaveRequest { To = WireMapping.ToWire(peer.Id) }, options), timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the peer at an address knows of itself and its neighbours.</summary>
    /// <exception cref="RefusedException">It refused, or is silent; <see cref="Refusal.NotServed"/> where it speaks another contract.</exception>
    public async Task<PeerDescription> DescribeAsync(string address, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        CallFailure.Read(address, await CallAsync(address, options => RingAt(address).DescribeAsync(new Wire.DescribeRequest(), options), timeout, cancellationToken).ConfigureAwait(false), PeerDescription.FromWire);

    /// <summary>The finger table of a peer that speaks the seed's contract alone.</summary>
    /// <param name="seed">Of the kind <see cref="PeerKind.Seed"/>.</param>
    /// <exception cref="RefusedException">It is silent, or answers badly.</exception>
    public async Task<ImmutableArray<FingerRun>> ReadFingersAsync(PeerReading seed, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(seed);
        try
        {
            var questions = new SeedQuestions(_channels.Open.To(seed.Self.Address), seed.Self.Id.Bits, Shorter(timeout), cancellationToken);
            FingerTable table = FingerTable.Empty;
            IReadOnlyList<PeerRef?> fingers = await questions.ReadFingersAsync().ConfigureAwait(false);
            for (int finger = 0; finger < Math.Min(fingers.Count, seed.Self.Id.Bits); finger++)
                table = table.With(finger, finger, fingers[finger] == seed.Self ? null : fingers[finger]);
            return table.Runs;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw CallFailure.ToRefusal(failure, seed.Self.Address, Shorter(timeout));
        }
        catch (RpcException failure)
        {
            throw new OperationCanceledException("The call was given up.", failure, cancellationToken);
        }
    }

    private Wire.RingService.RingServiceClient RingAt(string address) => new(_channels.Open.To(address));

    private static TimeSpan Shorter(TimeSpan? timeout) => timeout is { } given && given < PatienceWithOne ? given : PatienceWithOne;
}
