using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace ChordAspire.Protocol;

/// <summary>A place on the identifier circle: an unsigned number of <see cref="Bits"/> bits, 1 to 160.</summary>
/// <remarks>
/// A fixed-width value of 24 bytes: comparing, adding and measuring distances allocates nothing.
/// Arithmetic is modulo 2^Bits. Mixing widths is a programming error; the wire refuses it before it gets here.
/// </remarks>
public readonly struct Identifier : IEquatable<Identifier>, IComparable<Identifier>
{
    /// <summary>The widest identifier: a whole SHA-1.</summary>
    public const int MaxBits = 160;

    /// <summary>
    /// Identifiers up to this width are written as decimal numbers in configurations: the first contract of the wire has them as int32.
    /// </summary>
    private const int DecimalBitsMax = 31;

    private readonly ulong _low;
    private readonly ulong _middle;
    private readonly uint _high;
    private readonly byte _bits;

    private Identifier(int bits, uint high, ulong middle, ulong low)
    {
        (uint highMask, ulong middleMask, ulong lowMask) = Masks(bits);
        _bits = (byte)bits;
        _high = high & highMask;
        _middle = middle & middleMask;
        _low = low & lowMask;
    }

    /// <summary>The width m of the circle this identifier lies on.</summary>
    public int Bits => _bits;

    /// <summary>Bytes needed for an identifier of this width on the wire.</summary>
    public static int ByteCount(int bits) => (bits + 7) / 8;

    /// <summary>The identifier with this number, modulo 2^bits.</summary>
    public static Identifier FromUInt64(int bits, ulong value) => new(CheckedBits(bits), 0, 0, value);

    /// <summary>Reads a big-endian number, modulo 2^bits; at most 20 bytes.</summary>
    public static Identifier FromBigEndian(int bits, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, ByteCount(MaxBits), nameof(bytes));
        Span<byte> whole = stackalloc byte[ByteCount(MaxBits)];
        whole.Clear();
        bytes.CopyTo(whole[^bytes.Length..]);
        return new Identifier(
            CheckedBits(bits),
            BinaryPrimitives.ReadUInt32BigEndian(whole),
            BinaryPrimitives.ReadUInt64BigEndian(whole[4..]),
            BinaryPrimitives.ReadUInt64BigEndian(whole[12..]));
    }

    /// <summary>Reads the wire's form: exactly <see cref="ByteCount"/> bytes, big-endian, no bit above the width.</summary>
    public static bool TryFromWire(int bits, ReadOnlySpan<byte> bytes, out Identifier identifier)
    {
        identifier = default;
        if (bytes.Length != ByteCount(bits))
            return false;
        int spareBits = (8 * bytes.Length) - bits;
        if (spareBits > 0 && bytes[0] >> (8 - spareBits) != 0)
            return false;
        identifier = FromBigEndian(bits, bytes);
        return true;
    }

    /// <summary>Reads a decimal number, or a hexadecimal one behind <c>0x</c>; false when it is neither or does not fit.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, int bits, out Identifier identifier)
    {
        identifier = default;
        if (string.IsNullOrEmpty(text) || text.Length > 64)
            return false;
        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        // The leading zero keeps BigInteger from reading the top digit as a sign.
        bool read = hex
            ? BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger number) && text.Length > 2
            : BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (!read || number.GetBitLength() > bits)
            return false;
        identifier = FromBigEndian(bits, number.ToByteArray(isUnsigned: true, isBigEndian: true));
        return true;
    }

    /// <summary>The first <see cref="ByteCount"/> bytes of the destination receive the big-endian number.</summary>
    public void WriteBigEndian(Span<byte> destination)
    {
        Span<byte> whole = stackalloc byte[ByteCount(MaxBits)];
        BinaryPrimitives.WriteUInt32BigEndian(whole, _high);
        BinaryPrimitives.WriteUInt64BigEndian(whole[4..], _middle);
        BinaryPrimitives.WriteUInt64BigEndian(whole[12..], _low);
        whole[^ByteCount(_bits)..].CopyTo(destination);
    }

    /// <summary>The number, when it fits 64 bits.</summary>
    /// <exception cref="OverflowException">The number needs more than 64 bits.</exception>
    public ulong ToUInt64() => _high == 0 && _middle == 0 ? _low : throw new OverflowException($"Identifier {this} needs more than 64 bits.");

    /// <summary>The start of finger <paramref name="finger"/>: this + 2^finger, with fingers counted from 0 (SIGCOMM 2001, table 1, counts from 1).</summary>
    public Identifier FingerStart(int finger)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(finger);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(finger, Bits);
        return Plus(
            finger >= 128 ? 1u << (finger - 128) : 0,
            finger is >= 64 and < 128 ? 1ul << (finger - 64) : 0,
            finger < 64 ? 1ul << finger : 0);
    }

    /// <summary>How far it is from here to <paramref name="other"/>, walking clockwise: other − this, modulo 2^Bits.</summary>
    public Identifier DistanceTo(Identifier other)
    {
        ulong low = unchecked(other._low - _low);
        ulong borrow = other._low < _low ? 1ul : 0;
        ulong middle = unchecked(other._middle - _middle - borrow);
        bool borrowAgain = other._middle < _middle || (other._middle == _middle && borrow == 1);
        uint high = unchecked(other._high - _high - (borrowAgain ? 1u : 0));
        return new Identifier(_bits, high, middle, low);
    }

    /// <summary>Whether this lies strictly between the two, walking clockwise. Equal ends leave out only that end (Zave 2017, <i>between</i>).</summary>
    public bool IsBetween(in Identifier from, in Identifier to) =>
        IsBefore(from, to) ? IsBefore(from, this) && IsBefore(this, to) : IsBefore(from, this) || IsBefore(this, to);

    /// <summary>Whether this lies on the arc (from, to], walking clockwise. Equal ends mean the whole circle.</summary>
    public bool IsOnArc(in Identifier from, in Identifier to) => this == to || IsBetween(from, to) || (from == to);

    public int CompareTo(Identifier other) => IsBefore(this, other) ? -1 : IsBefore(other, this) ? 1 : 0;

    /// <summary>As numbers. Wide identifiers differ in their first word already.</summary>
    private static bool IsBefore(in Identifier one, in Identifier other)
    {
        if (one._high != other._high)
            return one._high < other._high;
        return one._middle != other._middle ? one._middle < other._middle : one._low < other._low;
    }

    public bool Equals(Identifier other) =>
        _low == other._low && _middle == other._middle && _high == other._high && _bits == other._bits;

    public override bool Equals(object? obj) => obj is Identifier other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_low, _middle, _high);

    /// <summary>Lower-case hexadecimal of the full width: two digits for a 6-bit circle, forty for a 160-bit one.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteCount(MaxBits)];
        WriteBigEndian(bytes);
        return Convert.ToHexStringLower(bytes[..ByteCount(_bits)]);
    }

    /// <summary>
    /// Enough for people to tell peers apart: the decimal number on circles of up to 31 bits, as configurations and transcripts write it, else
    /// the first eight digits.
    /// </summary>
    public string ToBriefString() =>
        Bits <= DecimalBitsMax ? _low.ToString(CultureInfo.InvariantCulture) : ToString() is { Length: > 8 } digits ? digits[..8] : ToString();

    public static bool operator ==(Identifier left, Identifier right) => left.Equals(right);
    public static bool operator !=(Identifier left, Identifier right) => !left.Equals(right);
    public static bool operator <(Identifier left, Identifier right) => IsBefore(left, right);
    public static bool operator >(Identifier left, Identifier right) => IsBefore(right, left);
    public static bool operator <=(Identifier left, Identifier right) => !IsBefore(right, left);
    public static bool operator >=(Identifier left, Identifier right) => !IsBefore(left, right);

    private Identifier Plus(uint high, ulong middle, ulong low)
    {
        ulong sumLow = unchecked(_low + low);
        ulong carry = sumLow < low ? 1ul : 0;
        ulong sumMiddle = unchecked(_middle + middle + carry);
        bool carryAgain = sumMiddle < middle || (carry == 1 && sumMiddle == middle);
        return new Identifier(_bits, unchecked(_high + high + (carryAgain ? 1u : 0)), sumMiddle, sumLow);
    }

    private static (uint High, ulong Middle, ulong Low) Masks(int bits) => bits switch
    {
        > 128 => (uint.MaxValue >> (MaxBits - bits), ulong.MaxValue, ulong.MaxValue),
        > 64 => (0, ulong.MaxValue >> (128 - bits), ulong.MaxValue),
        _ => (0, 0, ulong.MaxValue >> (64 - bits)),
    };

    private static int CheckedBits(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        return bits;
    }
}
