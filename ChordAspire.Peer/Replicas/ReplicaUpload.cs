using System.Threading.Channels;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>
/// Hands an upload on to a replica while it arrives. A replica that is slow holds the upload up, within bounds; one that fails, or is slower than patience allows,
/// is left behind.
/// </summary>
internal sealed class ReplicaUpload : IAsyncDisposable
{
    /// <summary>Chunks on their way: enough to bridge a flush, little enough to hold for hundreds of uploads.</summary>
    private const int MaxWaiting = 8;

    private readonly Channel<ReadOnlyMemory<byte>> _chunks = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _ended = new();
    private readonly CopyCaller _caller;
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly string _key;
    private readonly Task<CopyUpload> _sent;
    private volatile bool _leftBehind;

    public ReplicaUpload(PeerRef replica, string key, CopyCaller caller, StorageOptions options, TimeProvider time)
    {
        (Replica, _key, _caller, _options, _time) = (replica, key, caller, options, time);
        _sent = SendAsync();
    }

    public PeerRef Replica { get; }

    /// <summary>It failed, or was too slow: the upload goes on without it.</summary>
    public bool IsLeftBehind => _leftBehind;

    /// <summary>Takes the next bytes, which must stay as they are; ends when there is room for more.</summary>
    /// <param name="spare">The upload can do without this replica. One that it cannot do without is waited for as long as any sender may be silent.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> chunk, bool spare)
    {
        if (_leftBehind || _chunks.Writer.TryWrite(chunk))
            return;
        try
        {
            await _chunks.Writer.WriteAsync(chunk, _ended.Token).AsTask().WaitAsync(spare ? _options.Patience : _options.IdleTimeout, _time);
        }
        catch (Exception failure) when (failure is TimeoutException or ChannelClosedException or OperationCanceledException)
        {
            _leftBehind = true;
            _chunks.Writer.TryComplete();
            await _ended.CancelAsync();
        }
    }

    /// <summary>Has the replica hold what was sent as this version; false when it does not.</summary>
    /// <exception cref="RefusedException">It refused, or is silent.</exception>
    public async Task<bool> CommitAsync(ObjectVersion version, long size)
    {
        _chunks.Writer.TryComplete();
        if (_leftBehind && !_sent.IsFaulted)
            return false;
        try
        {
            // From here on, as the last chunks may be what is not taken: an upload that never ends counts as under way for ever.
            _ended.CancelAfter(_options.IdleTimeout + StorageOptions.FlushTimeOf(size));
            using CopyUpload upload = await _sent;
            return await upload.CommitAsync(version, size) == version;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Without a commit the replica forgets what it got.</summary>
    public async ValueTask DisposeAsync()
    {
        _chunks.Writer.TryComplete();
        await _ended.CancelAsync();
        // That it failed, and how, the commit has told; the write may have been acknowledged without it.
        await ((Task)_sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_sent.IsCompletedSuccessfully)
            (await _sent).Dispose();
        _ended.Dispose();
    }

    private async Task<CopyUpload> SendAsync()
    {
        CopyUpload? upload = null;
        try
        {
            upload = await _caller.UploadAsync(Replica, _key, leaving: false, _ended.Token);
            await foreach (ReadOnlyMemory<byte> chunk in _chunks.Reader.ReadAllAsync(_ended.Token))
                await upload.WriteAsync(chunk);
            return upload;
        }
        catch
        {
            // Whoever waits for room is told.
            _leftBehind = true;
            _chunks.Writer.TryComplete();
            upload?.Dispose();
            throw;
        }
    }
}
