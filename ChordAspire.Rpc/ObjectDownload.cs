using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>An object on its way from a peer: what it is, then its bytes, chunk by chunk. For one caller at a time.</summary>
public sealed class ObjectDownload : IDisposable
{
    private readonly AsyncServerStreamingCall<Wire.ObjectPart> _call;
    private readonly CancellationTokenSource _idle;
    private readonly TimeSpan _patience;
    private ReadOnlyMemory<byte> _first;

    private ObjectDownload(AsyncServerStreamingCall<Wire.ObjectPart> call, CancellationTokenSource idle, TimeSpan patience) =>
        (_call, _idle, _patience) = (call, idle, patience);

    /// <summary>Null where the peer has nothing of it; no chunks follow then.</summary>
    public ObjectVersion? Version { get; private set; }

    /// <summary>Bytes of the whole object.</summary>
    public long Size { get; private set; }

    public string Key { get; private set; } = "";

    internal static async Task<ObjectDownload> OpenAsync(
        Func<CancellationToken, AsyncServerStreamingCall<Wire.ObjectPart>> open, TimeSpan patience, CancellationToken cancellationToken)
    {
        // Bounded is not the whole, which may be large, but each wait for the next chunk.
        var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var download = new ObjectDownload(open(idle.Token), idle, patience);
        try
        {
            if (await download.NextAsync().ConfigureAwait(false) is not { Header: { } header } first)
                throw new RefusedException(Refusal.Unavailable, "The peer's answer began without a header.");
            download.Version = ObjectMapping.OptionalVersionFromWire(header.Version, "version");
            download.Size = ObjectMapping.SizeFromWire(header.Size, "size");
            download.Key = download.Version is null ? "" : WireMapping.KeyFromWire(header.Key);
            download._first = ObjectMapping.ChunkFromWire(first.Chunk);
            return download;
        }
        catch
        {
            download.Dispose();
            throw;
        }
    }

    /// <summary>The next bytes; empty at the end.</summary>
    /// <exception cref="RefusedException">The peer refused or is silent, or the connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        if (!_first.IsEmpty)
        {
            ReadOnlyMemory<byte> first = _first;
            _first = default;
            return first;
        }
        while (await NextAsync().ConfigureAwait(false) is { } part)
        {
            if (!part.Chunk.IsEmpty)
                return ObjectMapping.ChunkFromWire(part.Chunk);
        }
        return default;
    }

    public void Dispose()
    {
        _call.Dispose();
        _idle.Dispose();
    }

    private async ValueTask<Wire.ObjectPart?> NextAsync()
    {
        _idle.CancelAfter(_patience);
        try
        {
            Wire.ObjectPart? next = await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false) ? _call.ResponseStream.Current : null;
            // Whoever reads may take as long as it likes with what it got.
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
            return next;
        }
        catch (Exception failure) when (PeerCalls.IsBreak(failure))
        {
            throw PeerCalls.Broken(failure);
        }
    }
}
