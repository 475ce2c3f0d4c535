using System.Buffers.Binary;

namespace ChordAspire.Protocol;

/// <summary>SHA-256 of an object's bytes. A value of 32 bytes: comparing allocates nothing.</summary>
public readonly record struct ContentHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public const int ByteCount = 32;

    /// <exception cref="ArgumentException">Not <see cref="ByteCount"/> bytes.</exception>
    public static ContentHash FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ByteCount)
            throw new ArgumentException($"A content hash has {ByteCount} bytes, not {bytes.Length}.", nameof(bytes));
        return new ContentHash(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
    }

    /// <summary>The first <see cref="ByteCount"/> bytes of the destination receive the hash.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, First);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], Third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], Fourth);
    }

    /// <summary>By the bytes, first to last.</summary>
    public int CompareTo(ContentHash other)
    {
        int order = First.CompareTo(other.First);
        if (order == 0)
            order = Second.CompareTo(other.Second);
        if (order == 0)
            order = Third.CompareTo(other.Third);
        return order != 0 ? order : Fourth.CompareTo(other.Fourth);
    }

    /// <summary>64 lower-case hexadecimal digits, as <c>sha256sum</c> prints it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        WriteTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
