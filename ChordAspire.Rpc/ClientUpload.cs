using System.Security.Cryptography;
using ChordAspire.Protocol;
using Google.Protobuf;
using Grpc.Core;
using Upload = Grpc.Core.AsyncClientStreamingCall<ChordAspire.Rpc.Wire.PutPart, ChordAspire.Rpc.Wire.PutReply>;

namespace ChordAspire.Rpc;

/// <summary>Sends one object to its owner: a small one in one message, others in chunks. Holds one chunk at a time.</summary>
internal sealed class ClientUpload(OwnerCalls calls, string key, Stream source, RingPatience patience, IProgress<TransferProgress>? progress)
{
    /// <summary>At the end the peers flush the whole object. A slow disk takes so many bytes a second.</summary>
    private const double SlowDisk = 16 * 1024 * 1024;

    private readonly byte[] _chunk = new byte[RingLimits.ChunkBytes];
    private readonly long _beginning = source.CanSeek ? source.Position : 0;
    // Some files of the system say that they are empty, and are not.
    private readonly long? _size = source.CanSeek && source.Length > source.Position ? source.Length - source.Position : null;
    private int _inChunk;
    private bool _isPastFirstChunk;
    private long _furthest;

    /// <exception cref="RefusedException">The ring refused, or is silent; or the upload broke and its source cannot be read a second time.</exception>
    /// <exception cref="IOException">The source changed while it was being read.</exception>
    public async Task<PutOutcome> RunAsync()
    {
        await FillAsync().ConfigureAwait(false);
        bool isWhole = _inChunk < _chunk.Length || _size == _inChunk;
        if (isWhole)
        {
            ThrowIfChanged(_inChunk);
            return await calls.AtOwnerAsync(key, patience, PutWholeAsync).ConfigureAwait(false);
        }
        return await calls.AtOwnerAsync(key, patience, PutStreamAsync, WhyNotAgain).ConfigureAwait(false);
    }

    private async Task<PutOutcome> PutWholeAsync(OwnerAttempt owner)
    {
        ContentHash hash = ContentHash.FromBytes(SHA256.HashData(_chunk.AsSpan(0, _inChunk)));
        var request = new Wire.PutRequest { Key = key, Content = UnsafeByteOperations.UnsafeWrap(_chunk.AsMemory(0, _inChunk)), Hash = ObjectMapping.ToWire(hash) };
        progress?.Report(new TransferProgress(0, _inChunk));
        using AsyncUnaryCall<Wire.PutReply> call = owner.Objects.PutAsync(request, cancellationToken: owner.Attempt.Token);
        Wire.PutReply reply = await owner.WaitAsync(call.ResponseAsync, patience.WaitWithinRest).ConfigureAwait(false);
        progress?.Report(new TransferProgress(_inChunk, _inChunk));
        return OutcomeOf(owner, reply, hash, _inChunk);
    }

    private async Task<PutOutcome> PutStreamAsync(OwnerAttempt owner)
    {
        if (_isPastFirstChunk)
        {
            source.Position = _beginning;
            await FillAsync().ConfigureAwait(false);
        }
        // What cannot be sent twice is sent only to an owner that has just said it serves the key.
        if (!source.CanSeek)
            await AskOwnerAsync(owner).ConfigureAwait(false);
        using Upload call = owner.Objects.PutStream(cancellationToken: owner.Attempt.Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await SendAsync(owner, call, new Wire.PutPart { Header = new Wire.PutHeader { Key = key, Size = _size ?? 0 } }, patience.OneWait).ConfigureAwait(false);
        long sent = 0;
        progress?.Report(new TransferProgress(0, _size));
        while (_inChunk > 0)
        {
            ReadOnlyMemory<byte> chunk = _chunk.AsMemory(0, _inChunk);
            Task sending = SendAsync(owner, call, new Wire.PutPart { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, patience.OneWait);
            // While it is on its way.
            hash.AppendData(chunk.Span);
            await sending.ConfigureAwait(false);
            sent += _inChunk;
            GotTo(sent);
            _isPastFirstChunk = true;
            await FillAsync().ConfigureAwait(false);
        }
        ThrowIfChanged(sent);
        ContentHash whole = ContentHash.FromBytes(hash.GetHashAndReset());
        await SendAsync(owner, call, new Wire.PutPart { End = new Wire.PutEnd { Hash = ObjectMapping.ToWire(whole), Size = sent } }, patience.OneWait).ConfigureAwait(false);
        await SendAsync(owner, call, call.RequestStream.CompleteAsync(), patience.OneWait).ConfigureAwait(false);
        TimeSpan flush = patience.Timeout + TimeSpan.FromSeconds(sent / SlowDisk);
        return OutcomeOf(owner, await owner.WaitAsync(call.ResponseAsync, flush).ConfigureAwait(false), whole, sent);
    }

    private async Task AskOwnerAsync(OwnerAttempt owner)
    {
        using AsyncUnaryCall<Wire.StatReply> call = owner.Objects.StatAsync(new Wire.StatRequest { Key = key }, cancellationToken: owner.Attempt.Token);
        await owner.WaitAsync(call.ResponseAsync, patience.WaitWithinRest).ConfigureAwait(false);
    }

    private static Task SendAsync(OwnerAttempt owner, Upload call, Wire.PutPart part, TimeSpan most) => SendAsync(owner, call, call.RequestStream.WriteAsync(part), most);

    private static async Task SendAsync(OwnerAttempt owner, Upload call, Task sending, TimeSpan most)
    {
        try
        {
            await owner.WaitAsync(sending, most).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is InvalidOperationException or IOException or RefusedException && !owner.Attempt.Token.IsCancellationRequested)
        {
            // The owner ended the call, or is gone; why, only the answer says for certain.
            await owner.WaitAsync(call.ResponseAsync, most).ConfigureAwait(false);
            throw CallFailure.AnsweredBadly(owner.Owner.Address, "it acknowledged an object before its end.");
        }
    }

    private async Task FillAsync() =>
        _inChunk = await source.ReadAtLeastAsync(_chunk, _chunk.Length, throwOnEndOfStream: false, patience.Caller).ConfigureAwait(false);

    private void GotTo(long sent)
    {
        if (sent > _furthest)
        {
            _furthest = sent;
            patience.GotFurther();
        }
        progress?.Report(new TransferProgress(sent, _size));
    }

    private string? WhyNotAgain() => _isPastFirstChunk && !source.CanSeek
        ? FormattableString.Invariant($"The upload broke after {_furthest} bytes, and what it was read from cannot be read again. Put it again; a file is begun anew by itself.")
        : null;

    private void ThrowIfChanged(long sent)
    {
        if (_size is { } size && size != sent)
            throw new IOException(FormattableString.Invariant($"The source changed while it was being read: it had {size} bytes, and {sent} came of it. Nothing was stored."));
    }

    private static PutOutcome OutcomeOf(OwnerAttempt owner, Wire.PutReply reply, ContentHash sent, long size)
    {
        PutOutcome outcome = owner.Read(reply, reply => new PutOutcome(
            owner.PeerFromWire(reply.Owner, "owner"), ObjectMapping.VersionFromWire(reply.Version, "version"), size, (int)reply.Copies));
        return outcome.Version.Hash == sent
            ? outcome
            : throw new RefusedException(Refusal.Corrupted, $"{owner.Owner.Address} acknowledged an object with the SHA-256 {outcome.Version.Hash}; {sent} was sent.");
    }
}
