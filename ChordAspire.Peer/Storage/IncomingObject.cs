using System.Buffers;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>An object on its way in. For one caller: write, complete, commit, in this order. Disposed of without a commit it leaves nothing.</summary>
internal sealed class IncomingObject : IAsyncDisposable
{
    /// <summary>What the first bytes are put in; most objects are small.</summary>
    private const int FirstBuffer = 16 * 1024;

    private readonly ObjectShelf _shelf;
    private readonly DiskThreads _threads;
    private readonly SpaceBudget _budget;
    private readonly IncomingFiles _files;
    private readonly Action _ended;
    private readonly ContentHasher _hasher = new();
    private byte[] _buffer = [];
    private int _buffered;
    private long _taken;
    private (ContentHash Hash, long Size)? _complete;
    private bool _broken;
    private bool _committed;

    internal IncomingObject(
        string key, Identifier id, ObjectShelf shelf, DiskThreads threads, SpaceBudget budget, IncomingFiles files, Action ended)
    {
        (Key, Id, _shelf, _threads, _budget, _files, _ended) = (key, id, shelf, threads, budget, files, ended);
        Take(SpaceBudget.BytesOnDisk(0));
    }

    public string Key { get; }

    public Identifier Id { get; }

    /// <summary>Adds bytes to the content. Blocks of 256 KiB go to the disk as they fill.</summary>
    /// <exception cref="StorageRefusedException">They do not fit; nothing more can be done with this upload.</exception>
    /// <exception cref="IOException">The disk failed; likewise.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        AssertOpen();
        // Broken unless it comes to its end: half of a chunk may have been written.
        _broken = true;
        while (!bytes.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte> taken = bytes[..Math.Min(ContentHasher.BlockSize - _buffered, bytes.Length)];
            Take(SpaceBudget.BytesOnDisk(_hasher.Size + taken.Length) - _taken);
            if (taken.Length == ContentHasher.BlockSize)
            {
                await WriteBlockAsync(taken);
            }
            else
            {
                Buffer(taken.Span);
                if (_buffered == ContentHasher.BlockSize)
                {
                    await WriteBlockAsync(_buffer.AsMemory(0, _buffered), alreadyHashed: true);
                    _buffered = 0;
                }
            }
            bytes = bytes[taken.Length..];
        }
        _broken = false;
    }

    /// <summary>Ends the content, and has it on disk. What it is can then be compared with what it should be.</summary>
    /// <exception cref="StorageRefusedException">It does not fit after all.</exception>
    public async ValueTask<(ContentHash Hash, long Size)> CompleteAsync(CancellationToken cancellationToken)
    {
        AssertOpen();
        cancellationToken.ThrowIfCancellationRequested();
        _broken = true;
        long size = _hasher.Size;
        (ContentHash hash, byte[] blocks) = _hasher.Finish();
        byte[] sidecar = new Sidecar(Key, Deleted: false, size, hash.ToString(), ContentHasher.BlockSize, blocks).ToBytes();
        await _threads.RunAsync(() =>
        {
            _files.FinishContent(_buffer.AsSpan(0, _buffered));
            _files.WriteSidecar(sidecar);
        });
        ReturnBuffer();
        _broken = false;
        _complete = (hash, size);
        return (hash, size);
    }

    /// <summary>Holds it from now on, with this stamp. When it is superseded, it can be tried again with a higher one.</summary>
    /// <param name="stamp">Milliseconds since 1970; see <see cref="ObjectVersion.Stamp"/>.</param>
    public async ValueTask<CommitResult> CommitAsync(long stamp, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stamp);
        if (_complete is not { } complete)
            throw new InvalidOperationException("An upload is committed after it was completed.");
        if (_committed)
            throw new InvalidOperationException("An upload is stored once.");
        var entry = new ObjectEntry(Id, new ObjectVersion(stamp, Deleted: false, complete.Hash), complete.Size);
        CommitResult result = await _shelf.CommitAsync(entry, Key, _files.Content, _files.Sidecar, cancellationToken);
        if (result is CommitResult.Stored { IsNew: true })
        {
            // The bytes taken are the shelf's now.
            _committed = true;
            _taken = 0;
        }
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_files.IsEnded)
            return;
        try
        {
            if (_committed)
                _files.End(delete: false);
            else
                await _threads.RunAsync(() => _files.End(delete: true));
        }
        finally
        {
            _budget.Release(_taken);
            _taken = 0;
            _hasher.Dispose();
            ReturnBuffer();
            _ended();
        }
    }

    private void AssertOpen()
    {
        ObjectDisposedException.ThrowIf(_files.IsEnded, this);
        if (_broken)
            throw new InvalidOperationException("An upload that failed goes no further.");
        if (_complete is not null)
            throw new InvalidOperationException("Nothing can be added after an upload was completed.");
    }

    private void Take(long bytes)
    {
        _budget.Take(bytes);
        _taken += bytes;
    }

    private async ValueTask WriteBlockAsync(ReadOnlyMemory<byte> block, bool alreadyHashed = false)
    {
        Task written = _threads.RunAsync(() => _files.WriteBlock(block.Span));
        // Hashing takes longer than writing into the system's cache: both go on at once.
        if (!alreadyHashed)
            _hasher.Append(block.Span);
        await written;
    }

    private void Buffer(ReadOnlySpan<byte> bytes)
    {
        _hasher.Append(bytes);
        if (_buffered + bytes.Length > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffered + bytes.Length <= FirstBuffer ? FirstBuffer : ContentHasher.BlockSize);
            _buffer.AsSpan(0, _buffered).CopyTo(larger);
            ReturnBuffer(keepCount: true);
            _buffer = larger;
        }
        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }

    private void ReturnBuffer(bool keepCount = false)
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _buffered = keepCount ? _buffered : 0;
    }
}
