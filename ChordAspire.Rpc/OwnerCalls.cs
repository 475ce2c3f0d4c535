using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>Calls the owner of a key: looks it up through the asked peer, and once more when the ring has changed meanwhile.</summary>
/// <param name="name">How the asked peer is called in messages.</param>
internal sealed class OwnerCalls(Wire.RingService.RingServiceClient ring, PeerChannels channels, string name)
{
    /// <summary>Makes a call at the owner. Refused for a reason that passes, or silent, the owner is looked up again until the patience is at its end.</summary>
    /// <param name="unrepeatable">Says why the call cannot be made again, once it has failed; null where it can.</param>
    /// <exception cref="RefusedException">The ring refused, or is silent.</exception>
    public async Task<T> AtOwnerAsync<T>(string key, RingPatience patience, Func<OwnerAttempt, Task<T>> call, Func<string?>? unrepeatable = null)
    {
        while (true)
        {
            RefusedException refused;
            try
            {
                using RingPatience.Attempt attempt = patience.Begin();
                PeerRef owner = await LookUpAsync(key, attempt, patience).ConfigureAwait(false);
                return await call(new OwnerAttempt(owner, ObjectsAt(owner.Address), attempt)).ConfigureAwait(false);
            }
            catch (RefusedException failed) when (CallFailure.IsPassing(failed))
            {
                refused = failed;
            }
            if (unrepeatable?.Invoke() is { } why)
                throw new RefusedException(refused.Reason, $"{refused.Message} {why}", refused);
            await patience.PauseAsync(refused).ConfigureAwait(false);
        }
    }

    public Wire.ObjectService.ObjectServiceClient ObjectsAt(string address) => new(channels.To(address));

    /// <summary>What a peer knows of itself and its neighbours.</summary>
    /// <param name="address">The asked peer where null.</param>
    /// <exception cref="RefusedException">It refused, or is silent.</exception>
    public async Task<PeerDescription> DescribeAsync(string? address, RingPatience.Attempt attempt, RingPatience patience)
    {
        Wire.RingService.RingServiceClient asked = address is null ? ring : new(channels.To(address));
        using AsyncUnaryCall<Wire.DescribeReply> call = asked.DescribeAsync(new Wire.DescribeRequest(), cancellationToken: attempt.Token);
        Wire.DescribeReply reply = await attempt.WaitAsync(call.ResponseAsync, address ?? name, patience.WaitWithinRest).ConfigureAwait(false);
        return CallFailure.Read(address ?? name, reply, PeerDescription.FromWire);
    }

    private async Task<PeerRef> LookUpAsync(string key, RingPatience.Attempt attempt, RingPatience patience)
    {
        using AsyncUnaryCall<Wire.LookupReply> call = ring.LookupAsync(new Wire.LookupRequest { Key = key }, cancellationToken: attempt.Token);
        Wire.LookupReply reply = await attempt.WaitAsync(call.ResponseAsync, name, patience.WaitWithinRest).ConfigureAwait(false);
        return CallFailure.Read(name, reply, LookupAnswer.FromWire).Holder;
    }
}

/// <summary>An attempt at a call, and who owned the key when it began.</summary>
internal sealed record OwnerAttempt(PeerRef Owner, Wire.ObjectService.ObjectServiceClient Objects, RingPatience.Attempt Attempt)
{
    /// <summary>Waits for the owner.</summary>
    public Task<T> WaitAsync<T>(Task<T> answer, TimeSpan most) => Attempt.WaitAsync(answer, Owner.Address, most);

    public Task WaitAsync(Task answer, TimeSpan most) => Attempt.WaitAsync(answer, Owner.Address, most);

    public T Read<TReply, T>(TReply reply, Func<TReply, T> read) => CallFailure.Read(Owner.Address, reply, read);

    public PeerRef PeerFromWire(Wire.Peer? peer, string field) => WireMapping.PeerFromWire(peer, Owner.Id.Bits, field);
}
