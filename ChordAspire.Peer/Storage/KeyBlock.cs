using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace ChordAspire.Peer;

/// <summary>Some keys in ordinal order, each written as what it does not share with the one before it: about the bytes that differ.</summary>
internal sealed class KeyBlock
{
    /// <summary>Keys in a block at the most. Adding one writes the block anew.</summary>
    public const int KeysMax = 128;

    private readonly byte[] _encoded;

    private KeyBlock(string first, int count, byte[] encoded) => (First, Count, _encoded) = (first, count, encoded);

    public string First { get; }

    public int Count { get; }

    /// <param name="keys">In order; at least one.</param>
    public static KeyBlock Of(ReadOnlySpan<string> keys)
    {
        var encoded = new ArrayBufferWriter<byte>();
        byte[] before = [];
        foreach (string key in keys)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(key);
            int shared = before.AsSpan().CommonPrefixLength(bytes);
            // A key has at most 1,024 bytes, so that two bytes hold either length.
            Span<byte> entry = encoded.GetSpan(4 + bytes.Length);
            int at = WriteLength(entry, shared, 0);
            at = WriteLength(entry, bytes.Length - shared, at);
            bytes.AsSpan(shared).CopyTo(entry[at..]);
            encoded.Advance(at + bytes.Length - shared);
            before = bytes;
        }
        return new KeyBlock(keys[0], keys.Length, encoded.WrittenSpan.ToArray());
    }

    /// <summary>Full blocks, or one that is not, of keys in order.</summary>
    public static IEnumerable<KeyBlock> Split(List<string> keys)
    {
        // Halves have room for more; what is added in order would leave them so.
        int blocks = (keys.Count + KeysMax - 1) / KeysMax;
        for (int block = 0; block < blocks; block++)
        {
            int from = (int)((long)keys.Count * block / blocks);
            int to = (int)((long)keys.Count * (block + 1) / blocks);
            yield return Of(CollectionsMarshal.AsSpan(keys)[from..to]);
        }
    }

    public List<string> Keys()
    {
        var keys = new List<string>(Count);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(4 * ObjectKey.BytesMax);
        for (int at = 0; at < _encoded.Length;)
        {
            int shared = ReadLength(ref at);
            int length = ReadLength(ref at);
            _encoded.AsSpan(at, length).CopyTo(bytes.AsSpan(shared));
            at += length;
            keys.Add(Encoding.UTF8.GetString(bytes, 0, shared + length));
        }
        ArrayPool<byte>.Shared.Return(bytes);
        return keys;
    }

    private static int WriteLength(Span<byte> destination, int length, int at)
    {
        if (length >= 0x80)
        {
            destination[at++] = (byte)(0x80 | (length & 0x7F));
            length >>= 7;
            destination[at++] = (byte)length;
            return at;
        }
        destination[at++] = (byte)length;
        return at;
    }

    private int ReadLength(ref int at)
    {
        int length = _encoded[at++];
        return length < 0x80 ? length : (length & 0x7F) | (_encoded[at++] << 7);
    }
}
