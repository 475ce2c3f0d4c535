using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>
/// Reads one object, or a range of it, from its owner. An interruption is made good from the byte reached, as long as the object is still of the
/// version begun with.
/// </summary>
internal sealed class ClientDownload(
    OwnerCalls calls, string key, Stream destination, ByteRange range, RingPatience patience, IProgress<TransferProgress>? progress) : IAsyncDisposable
{
    private readonly long _beginning = destination.CanSeek ? destination.Position : 0;
    private readonly PassingHash? _hash = range.Offset == 0 && range.Length is null ? new PassingHash() : null;
    private ObjectVersion? _version;
    private long _size;
    private long _expected;
    private long _reached;
    private long _furthest;

    /// <returns>Null when there is no such object.</returns>
    /// <exception cref="RefusedException">
    /// The ring refused, or is silent; or the object changed and the destination cannot be begun anew; or what came is not what was stored. What
    /// the destination holds is of no use then.
    /// </exception>
    public Task<GetOutcome?> RunAsync() => calls.AtOwnerAsync(key, patience, ReadAsync);

    public async ValueTask DisposeAsync()
    {
        if (_hash is not null)
            await _hash.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<GetOutcome?> ReadAsync(OwnerAttempt owner)
    {
        while (true)
        {
            try
            {
                return await ReadOnceAsync(owner).ConfigureAwait(false);
            }
            catch (RefusedException changed) when (changed.Reason == Refusal.Changed)
            {
                await BeginAnewAsync(changed).ConfigureAwait(false);
                // An object that changes faster than it can be read is given up in the end.
                await patience.PauseAsync(changed).ConfigureAwait(false);
            }
        }
    }

    private async Task<GetOutcome?> ReadOnceAsync(OwnerAttempt owner)
    {
        if (_version is { } begun && _reached == _expected)
            return await DoneAsync(owner.Owner, begun).ConfigureAwait(false);
        using AsyncServerStreamingCall<Wire.ObjectPart> call = owner.Objects.Get(RequestForRest(), cancellationToken: owner.Attempt.Token);
        if (!await NextAsync(owner, call).ConfigureAwait(false))
            throw CallFailure.AnsweredBadly(owner.Owner.Address, "it sent nothing.");
        if (!Begins(owner, call.ResponseStream.Current.Header))
            return null;
        do
        {
            await TakeAsync(owner, call.ResponseStream.Current).ConfigureAwait(false);
        }
        while (await NextAsync(owner, call).ConfigureAwait(false));
        if (_reached < _expected)
            throw CallFailure.AnsweredBadly(owner.Owner.Address, FormattableString.Invariant($"it sent {_reached} bytes of {_expected}."));
        return await DoneAsync(owner.Owner, _version!.Value).ConfigureAwait(false);
    }

    private Wire.GetObjectRequest RequestForRest()
    {
        var request = new Wire.GetObjectRequest { Key = key, Offset = range.Offset + _reached };
        if (_version is { } version)
        {
            request.Only = ObjectMapping.ToWire(version);
            request.Length = _expected - _reached;
        }
        else
        {
            request.Length = range.Length ?? 0;
        }
        return request;
    }

    private Task<bool> NextAsync(OwnerAttempt owner, AsyncServerStreamingCall<Wire.ObjectPart> call) =>
        owner.WaitAsync(call.ResponseStream.MoveNext(owner.Attempt.Token), _version is null ? patience.WaitWithinRest : patience.OneWait);

    /// <summary>Reads the header. False when there is no object.</summary>
    private bool Begins(OwnerAttempt owner, Wire.ObjectHeader? header)
    {
        if (header is null)
            throw CallFailure.AnsweredBadly(owner.Owner.Address, "the first message has no header.");
        (ObjectVersion? version, long size) = owner.Read(header, static header =>
            (ObjectMapping.OptionalVersionFromWire(header.Version, "header.version"), ObjectMapping.SizeFromWire(header.Size, "header.size")));
        bool isThere = version is { Deleted: false };
        if (_version is { } begun && version != begun)
            throw new RefusedException(Refusal.Changed, $"The object was {(isThere ? "replaced" : "deleted")} while it was being read.");
        if (!isThere)
            return false;
        _version = version;
        _size = size;
        _expected = Math.Max(0, Math.Min(size - range.Offset, range.Length ?? long.MaxValue));
        progress?.Report(new TransferProgress(_reached, _expected));
        return true;
    }

    private async Task TakeAsync(OwnerAttempt owner, Wire.ObjectPart part)
    {
        ReadOnlyMemory<byte> chunk = owner.Read(part, static part => ObjectMapping.ChunkFromWire(part.Chunk));
        if (chunk.IsEmpty)
            return;
        if (chunk.Length > _expected - _reached)
            throw new RefusedException(Refusal.Corrupted, FormattableString.Invariant($"{owner.Owner.Address} sent more than the {_expected} bytes it announced. What was written is not the object."));
        if (_hash is not null)
            await _hash.AppendAsync(chunk).ConfigureAwait(false);
        await destination.WriteAsync(chunk, patience.Caller).ConfigureAwait(false);
        _reached += chunk.Length;
        if (_reached > _furthest)
        {
            _furthest = _reached;
            patience.GotFurther();
        }
        progress?.Report(new TransferProgress(_reached, _expected));
    }

    private async Task<GetOutcome> DoneAsync(PeerRef owner, ObjectVersion version)
    {
        if (_hash is not null)
        {
            ContentHash came = await _hash.FinishAsync().ConfigureAwait(false);
            if (came != version.Hash)
                throw new RefusedException(Refusal.Corrupted, $"What came from {owner.Address} has the SHA-256 {came}; that of the object is {version.Hash}. What was written is not the object.");
        }
        return new GetOutcome(owner, version, _size, _reached);
    }

    private async Task BeginAnewAsync(RefusedException changed)
    {
        if (_reached > 0)
        {
            string why = FormattableString.Invariant($"{changed.Message} {_reached} bytes of the former version are written already, and the destination cannot be begun anew: get the object again.");
            if (!destination.CanSeek)
                throw new RefusedException(Refusal.Changed, why, changed);
            try
            {
                destination.SetLength(_beginning);
                destination.Position = _beginning;
            }
            catch (NotSupportedException)
            {
                throw new RefusedException(Refusal.Changed, why, changed);
            }
        }
        if (_hash is not null)
            await _hash.FinishAsync().ConfigureAwait(false);
        _version = null;
        _reached = 0;
    }
}
