using ChordAspire.Protocol;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>A copy on its way to a peer: chunks, then a commit. Disposed of without a commit it leaves nothing there. For one caller at a time.</summary>
public sealed class CopyUpload : IDisposable
{
    private readonly AsyncClientStreamingCall<Wire.CopyPart, Wire.StoreCopyReply> _call;

    private CopyUpload(AsyncClientStreamingCall<Wire.CopyPart, Wire.StoreCopyReply> call) => _call = call;

    internal static async Task<CopyUpload> BeginAsync(AsyncClientStreamingCall<Wire.CopyPart, Wire.StoreCopyReply> call, Wire.CopyHeader header)
    {
        var upload = new CopyUpload(call);
        try
        {
            await upload.SendAsync(new Wire.CopyPart { Header = header }).ConfigureAwait(false);
            return upload;
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    /// <summary>Sends a chunk; ends when there is room for more.</summary>
    /// <exception cref="RefusedException">The peer refused, or the connection broke.</exception>
    public Task WriteAsync(ReadOnlyMemory<byte> chunk) => SendAsync(new Wire.CopyPart { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) });

    /// <summary>Has the peer hold what was sent as this version; the version that it holds now, on disk.</summary>
    /// <exception cref="RefusedException">The peer refused, or the connection broke.</exception>
    public async Task<ObjectVersion> CommitAsync(ObjectVersion version, long size)
    {
        await SendAsync(new Wire.CopyPart { Commit = new Wire.CopyCommit { Version = ObjectMapping.ToWire(version), Size = size } }).ConfigureAwait(false);
        try
        {
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
            return ObjectMapping.VersionFromWire((await _call.ResponseAsync.ConfigureAwait(false)).Held, "held");
        }
        catch (Exception failure) when (PeerCalls.IsBreak(failure))
        {
            throw PeerCalls.Broken(failure);
        }
    }

    public void Dispose() => _call.Dispose();

    private async Task SendAsync(Wire.CopyPart part)
    {
        try
        {
            await _call.RequestStream.WriteAsync(part).ConfigureAwait(false);
        }
        catch (Exception failure) when (PeerCalls.IsBreak(failure))
        {
            throw PeerCalls.Broken(failure);
        }
        catch (InvalidOperationException)
        {
            // The call is over already: its answer says why.
            throw await ReasonAsync().ConfigureAwait(false);
        }
    }

    private async Task<RefusedException> ReasonAsync()
    {
        try
        {
            await _call.ResponseAsync.ConfigureAwait(false);
            return new RefusedException(Refusal.Unavailable, "The peer answered before all was sent.");
        }
        catch (Exception failure) when (PeerCalls.IsBreak(failure))
        {
            return PeerCalls.Broken(failure);
        }
    }
}
