using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>Objects of any size, straight from and to their owners, which the asked peer looks up.</summary>
/// <remarks>
/// While the ring changes, and when an owner dies, a call is made again at the new owner. A timeout here is the longest time without getting
/// further: as long as bytes move a transfer goes on.
/// </remarks>
public sealed partial class ChordClient
{
    /// <summary>The longest that a timeout can be.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);

    /// <summary>Stores all that the source has from where it stands. Acknowledged when it is on disk at the owner and at its replicas.</summary>
    /// <param name="key">1 to 1,024 bytes of UTF-8, without control characters.</param>
    /// <param name="source">Any size. One that can seek is read again when the upload breaks; another must be put again by the caller, unless it was small.</param>
    /// <exception cref="RefusedException">The ring refused, or is silent; or the upload broke and its source cannot be read again.</exception>
    /// <exception cref="IOException">The source changed while it was being read, or cannot be read.</exception>
    public Task<PutOutcome> PutAsync(
        string key, Stream source, CancellationToken cancellationToken, IProgress<TransferProgress>? progress = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ClientUpload(Owners, WireMapping.KeyFromWire(key), source, new RingPatience(timeout ?? DefaultTimeout, cancellationToken), progress).RunAsync();
    }

    /// <summary>Writes an object, or a range of it, to the destination as it comes. Of a whole object the SHA-256 is checked.</summary>
    /// <param name="destination">One that can seek and be cut off is begun anew when the object is replaced meanwhile.</param>
    /// <param name="range">All of it when not given.</param>
    /// <returns>Null when there is no such object.</returns>
    /// <exception cref="RefusedException">
    /// The ring refused, or is silent, or the range begins beyond the end; or the object changed meanwhile and the destination cannot be begun anew
    /// (<see cref="Refusal.Changed"/>); or what came is not what was stored (<see cref="Refusal.Corrupted"/>). What the destination holds then is not
    /// the object.
    /// </exception>
    public async Task<GetOutcome?> GetAsync(
        string key, Stream destination, CancellationToken cancellationToken, ByteRange range = default, IProgress<TransferProgress>? progress = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(range.Offset, nameof(range));
        if (range.Length is { } length)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(range));
        var patience = new RingPatience(timeout ?? DefaultTimeout, cancellationToken);
        var download = new ClientDownload(Owners, WireMapping.KeyFromWire(key), destination, range, patience, progress);
        await using (download.ConfigureAwait(false))
            return await download.RunAsync().ConfigureAwait(false);
    }

    /// <summary>Deletes an object. Acknowledged when the deletion is on disk at the owner and at its replicas.</summary>
    /// <exception cref="RefusedException">The ring refused, or is silent.</exception>
    public Task<DeleteOutcome> DeleteAsync(string key, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        var patience = new RingPatience(timeout ?? DefaultTimeout, cancellationToken);
        bool afterSilence = false;
        return Owners.AtOwnerAsync(WireMapping.KeyFromWire(key), patience, async owner =>
        {
            using AsyncUnaryCall<Wire.DeleteReply> call = owner.Objects.DeleteAsync(new Wire.DeleteRequest { Key = key }, cancellationToken: owner.Attempt.Token);
            try
            {
                Wire.DeleteReply reply = await owner.WaitAsync(call.ResponseAsync, patience.WaitWithinRest).ConfigureAwait(false);
                return owner.Read(reply, reply => new DeleteOutcome(
                    reply.Found,
                    owner.PeerFromWire(reply.Owner, "owner"),
                    ObjectMapping.OptionalVersionFromWire(reply.Version, "version"),
                    (int)reply.Copies,
                    afterSilence));
            }
            catch (RefusedException failed) when (failed.Reason == Refusal.Unavailable)
            {
                afterSilence = true;
                throw;
            }
        });
    }

    /// <summary>What the owner says of an object, without its bytes.</summary>
    /// <returns>Null when there is no such object.</returns>
    /// <exception cref="RefusedException">The ring refused, or is silent.</exception>
    public Task<ObjectStatus?> StatAsync(string key, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        var patience = new RingPatience(timeout ?? DefaultTimeout, cancellationToken);
        return Owners.AtOwnerAsync(WireMapping.KeyFromWire(key), patience, async owner =>
        {
            using AsyncUnaryCall<Wire.StatReply> call = owner.Objects.StatAsync(new Wire.StatRequest { Key = key }, cancellationToken: owner.Attempt.Token);
            Wire.StatReply reply = await owner.WaitAsync(call.ResponseAsync, patience.WaitWithinRest).ConfigureAwait(false);
            return owner.Read(reply, reply => ObjectMapping.OptionalVersionFromWire(reply.Version, "version") is { Deleted: false } version
                ? new ObjectStatus(
                    owner.PeerFromWire(reply.Owner, "owner"),
                    version,
                    ObjectMapping.SizeFromWire(reply.Size, "size"),
                    WireMapping.PeersFromWire(reply.Replicas, owner.Owner.Id.Bits, RingLimits.MaxSuccessors, "replicas"),
                    reply.Replicated)
                : null);
        });
    }

    /// <summary>All objects of the ring whose keys begin with the prefix, ordered by key (by UTF-16 code units), as they come.</summary>
    /// <remarks>No snapshot: what is put or deleted meanwhile may be in it or not. No key comes twice.</remarks>
    /// <param name="prefix">Empty for all.</param>
    /// <exception cref="RefusedException">The ring refused, or is silent, or does not close.</exception>
    public IAsyncEnumerable<ListedObject> ListAsync(string prefix, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return new RingListing(Owners, prefix, timeout ?? DefaultTimeout).RunAsync(cancellationToken);
    }
}
