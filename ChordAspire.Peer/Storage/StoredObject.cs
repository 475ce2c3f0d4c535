using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>A version held, open for reading: it stays readable when another takes its place. For one caller at a time.</summary>
/// <remarks>No byte is given out before the checksum of its block was right.</remarks>
internal sealed class StoredObject : IAsyncDisposable
{
    /// <summary>Up to this size the whole is checked against the SHA-256 in its name, which costs less than reading the sidecar.</summary>
    private const int SmallMax = 16 * 1024;

    private readonly DiskThreads _threads;
    private readonly Func<DamagedObjectException, ValueTask> _setAside;
    private readonly IDiskFile _content;
    private readonly Sidecar? _sidecar;
    private byte[] _block = [];
    private long _blockRead = -1;

    private StoredObject(
        string key, in ObjectEntry entry, IDiskFile content, Sidecar? sidecar, DiskThreads threads, Func<DamagedObjectException, ValueTask> setAside) =>
        (Key, Entry, _content, _sidecar, _threads, _setAside) = (key, entry, content, sidecar, threads, setAside);

    public string Key { get; }

    public ObjectEntry Entry { get; }

    public long Size => Entry.Size;

    /// <summary>Blocks; on a thread of the disk. A small object has been read and checked when this returns.</summary>
    /// <param name="key">The object's, where the caller knows it; else it is read.</param>
    /// <exception cref="DamagedObjectException">What can be seen of it already is not what was stored.</exception>
    internal static StoredObject Open(
        IDisk disk,
        StoreFolder folder,
        string? key,
        in ObjectEntry entry,
        int ringBits,
        DiskThreads threads,
        Func<DamagedObjectException, ValueTask> setAside)
    {
        Sidecar? sidecar = key is null || entry.Size > SmallMax ? Sidecar.Read(disk, folder.SidecarPath(entry), entry, ringBits) : null;
        StoredObject? opened = null;
        try
        {
            opened = new StoredObject(key ?? sidecar!.Key, entry, disk.Open(folder.ContentPath(entry)), entry.Size > SmallMax ? sidecar : null, threads, setAside);
            if (opened._content.Length != entry.Size)
                throw new DamagedObjectException(entry, $"It has {opened._content.Length} bytes on disk, and was stored with {entry.Size}.");
            if (entry.Size <= ContentHasher.BlockSize)
                opened.ReadBlock(0);
            StoredObject result = opened;
            opened = null;
            return result;
        }
        catch (IOException error) when (DiskErrors.IsDamage(error))
        {
            throw new DamagedObjectException(entry, error.Message, error);
        }
        finally
        {
            opened?.Close();
        }
    }

    /// <summary>Fills the buffer from an offset on, to the end of a block at the most; says how much, 0 at the end of the object.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset lies outside the object.</exception>
    /// <exception cref="DamagedObjectException">The bytes are not what was stored; the object has been set aside.</exception>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size);
        if (offset == Size || buffer.IsEmpty)
            return 0;
        cancellationToken.ThrowIfCancellationRequested();
        long block = offset / ContentHasher.BlockSize;
        if (block != _blockRead)
            await LoadAsync(block);
        int from = (int)(offset % ContentHasher.BlockSize);
        int length = Math.Min(LengthOf(block) - from, buffer.Length);
        _block.AsMemory(from, length).CopyTo(buffer);
        return length;
    }

    public async ValueTask DisposeAsync()
    {
        // Closing the last descriptor of a file that was removed frees its blocks, which may take long.
        if (_content.Length > ContentHasher.BlockSize)
            await _threads.RunAsync(Close);
        else
            Close();
    }

    private async ValueTask LoadAsync(long block)
    {
        try
        {
            await _threads.RunAsync(() => ReadBlock(block));
        }
        catch (DamagedObjectException damage)
        {
            await _setAside(damage);
            throw;
        }
    }

    private void ReadBlock(long block)
    {
        int length = LengthOf(block);
        if (_block.Length < length)
        {
            ReturnBlock();
            _block = ArrayPool<byte>.Shared.Rent(length);
        }
        _blockRead = -1;
        Span<byte> bytes = _block.AsSpan(0, length);
        int read;
        try
        {
            read = _content.Read(bytes, block * ContentHasher.BlockSize);
        }
        catch (IOException error) when (DiskErrors.IsDamage(error))
        {
            throw new DamagedObjectException(Entry, error.Message, error);
        }
        if (read < length)
            throw new DamagedObjectException(Entry, $"It ends at byte {(block * ContentHasher.BlockSize) + read} of {Size}.");
        if (!IsRight(block, bytes))
            throw new DamagedObjectException(Entry, $"The checksum of the {length} bytes from byte {block * ContentHasher.BlockSize} on is wrong.");
        _blockRead = block;
    }

    private bool IsRight(long block, ReadOnlySpan<byte> bytes)
    {
        if (_sidecar is not null)
            return XxHash3.HashToUInt64(bytes) == BinaryPrimitives.ReadUInt64BigEndian(_sidecar.Blocks.AsSpan((int)block * Sidecar.BytesPerBlock));
        Span<byte> hash = stackalloc byte[ContentHash.ByteCount];
        SHA256.HashData(bytes, hash);
        return ContentHash.FromBytes(hash) == Entry.Version.Hash;
    }

    private int LengthOf(long block) => (int)Math.Min(ContentHasher.BlockSize, Size - (block * ContentHasher.BlockSize));

    private void Close()
    {
        _content.Dispose();
        ReturnBlock();
    }

    private void ReturnBlock()
    {
        if (_block.Length > 0)
            ArrayPool<byte>.Shared.Return(_block);
        _block = [];
        _blockRead = -1;
    }
}
