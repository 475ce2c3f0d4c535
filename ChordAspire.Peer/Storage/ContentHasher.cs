using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>SHA-256 of a content as it comes, and a checksum of each of its blocks.</summary>
internal sealed class ContentHasher : IDisposable
{
    /// <summary>Bytes of content under one checksum.</summary>
    public const int BlockSize = 256 * 1024;

    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly XxHash3 _block = new();
    private readonly ArrayBufferWriter<byte> _blocks = new(Sidecar.BytesPerBlock);

    /// <summary>Bytes so far.</summary>
    public long Size { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _whole.AppendData(bytes);
        while (!bytes.IsEmpty)
        {
            int room = BlockSize - (int)(Size % BlockSize);
            ReadOnlySpan<byte> taken = bytes[..Math.Min(room, bytes.Length)];
            _block.Append(taken);
            Size += taken.Length;
            if (taken.Length == room)
                EndBlock();
            bytes = bytes[taken.Length..];
        }
    }

    /// <summary>To be called once, at the end.</summary>
    public (ContentHash Hash, byte[] Blocks) Finish()
    {
        if (Size % BlockSize != 0)
            EndBlock();
        Span<byte> hash = stackalloc byte[ContentHash.ByteCount];
        _whole.GetHashAndReset(hash);
        return (ContentHash.FromBytes(hash), _blocks.WrittenSpan.ToArray());
    }

    public void Dispose() => _whole.Dispose();

    private void EndBlock()
    {
        _block.GetHashAndReset(_blocks.GetSpan(Sidecar.BytesPerBlock));
        _blocks.Advance(Sidecar.BytesPerBlock);
    }
}
