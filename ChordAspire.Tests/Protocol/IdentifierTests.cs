using System.Numerics;
using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

/// <summary>The fixed-width arithmetic against its naive twin, <see cref="BigInteger"/>.</summary>
public sealed class IdentifierTests
{
    [Theory]
    [InlineData(6, "8")]
    [InlineData(31, "8")]
    [InlineData(32, "00000008")]
    [InlineData(160, "00000000")]
    public void People_read_narrow_identifiers_as_decimal_numbers_and_eight_digits_of_wide_ones(int bits, string brief) =>
        Assert.Equal(brief, Identifier.FromUInt64(bits, 8).ToBriefString());

    [Fact]
    public void Arithmetic_of_every_width_agrees_with_big_integers() =>
        ForAllWidths((bits, size) =>
        {
            foreach ((Identifier a, Identifier b) in Pairs(bits))
            {
                (BigInteger x, BigInteger y) = (Number(a), Number(b));
                Agree(Number(a.DistanceTo(b)) == (y - x + size) % size, $"the distance from {a} to {b} of {bits} bits");
                Agree((a.CompareTo(b), a == b, a < b, a >= b) == (x.CompareTo(y), x == y, x < y, x >= y), $"the order of {a} and {b} of {bits} bits");
                for (int finger = 0; finger < bits; finger += 1 + (bits / 12))
                    Agree(Number(a.FingerStart(finger)) == (x + (BigInteger.One << finger)) % size, $"the start of finger {finger} of {a}");
            }
        });

    [Fact]
    public void Betweenness_of_every_width_agrees_with_distances_of_big_integers() =>
        ForAllWidths((bits, size) =>
        {
            Identifier[] ids = [.. Pairs(bits).Select(pair => pair.A).Distinct().Take(7)];
            foreach (Identifier from in ids)
            {
                foreach (Identifier to in ids)
                {
                    foreach (Identifier point in ids)
                    {
                        // Equal ends: once around, so the distance is the whole circle and not nothing.
                        BigInteger whole = from == to ? size : (Number(to) - Number(from) + size) % size;
                        BigInteger part = (Number(point) - Number(from) + size) % size;
                        Agree(point.IsBetween(from, to) == (part > 0 && part < whole), $"{point} between {from} and {to}");
                        Agree(point.IsOnArc(from, to) == ((part > 0 && part <= whole) || point == to), $"{point} on the arc ({from}, {to}]");
                    }
                }
            }
        });

    [Fact]
    public void Every_width_survives_the_wire_and_text() =>
        ForAllWidths((bits, size) =>
        {
            byte[] wire = new byte[Identifier.ByteCount(bits)];
            foreach ((Identifier id, _) in Pairs(bits))
            {
                id.WriteBigEndian(wire);
                Agree(Number(id) == new BigInteger(wire, isUnsigned: true, isBigEndian: true), $"the bytes of {id}");
                Agree(Identifier.TryFromWire(bits, wire, out Identifier read) && read == id, $"{id} read from the wire");
                Agree(id.ToString().Length == 2 * Identifier.ByteCount(bits), $"the width of {id} in text");
                Agree(Identifier.TryParse("0x" + id, bits, out Identifier fromHex) && fromHex == id, $"{id} read from hexadecimal");
                Agree(Identifier.TryParse(Number(id).ToString(), bits, out Identifier fromDecimal) && fromDecimal == id, $"{id} read from decimal");
            }
        });

    [Theory]
    [InlineData("one byte too few", 12, new byte[] { 1 })]
    [InlineData("one byte too many", 12, new byte[] { 0, 1, 2 })]
    [InlineData("a bit above the width", 12, new byte[] { 0x10, 0 })]
    [InlineData("no bytes at all", 6, new byte[0])]
    public void The_wire_form_is_refused_for(string reason, int bits, byte[] wire) =>
        Assert.False(Identifier.TryFromWire(bits, wire, out _), reason);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("64")]
    [InlineData("0x40")]
    [InlineData("0x")]
    [InlineData("-1")]
    [InlineData("0x-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e1")]
    [InlineData("f")]
    [InlineData("0xg")]
    [InlineData("peer-0")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000001")]
    public void Text_that_is_no_identifier_of_six_bits_is_refused(string? text) =>
        Assert.False(Identifier.TryParse(text, bits: 6, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("63", 63)]
    [InlineData("0x3f", 63)]
    [InlineData("0X3F", 63)]
    [InlineData("007", 7)]
    [InlineData("0x0000000000000001", 1)]
    public void Text_is_decimal_or_hexadecimal_behind_0x(string text, ulong number)
    {
        Assert.True(Identifier.TryParse(text, bits: 6, out Identifier identifier));
        Assert.Equal(number, identifier.ToUInt64());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(161)]
    public void Widths_beyond_1_to_160_are_refused(int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Identifier.FromUInt64(bits, 1));

    [Fact]
    public void Numbers_past_the_end_of_the_circle_wrap_around() =>
        Assert.Equal(Identifier.FromUInt64(6, 3), Identifier.FromUInt64(6, 64 + 3));

    [Fact]
    public void Only_identifiers_of_64_bits_become_a_64_bit_number()
    {
        Assert.Equal(ulong.MaxValue, Identifier.FromUInt64(160, ulong.MaxValue).ToUInt64());
        Assert.Throws<OverflowException>(() => Identifier.FromUInt64(160, 0).FingerStart(64).ToUInt64());
        Assert.Throws<OverflowException>(() => Identifier.FromUInt64(160, 0).FingerStart(128).ToUInt64());
    }

    [Fact]
    public void The_same_number_on_circles_of_different_width_is_not_the_same_place() =>
        Assert.NotEqual(Identifier.FromUInt64(6, 3), Identifier.FromUInt64(7, 3));

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void Fingers_are_counted_from_0_to_m_minus_1(int finger) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Identifier.FromUInt64(6, 8).FingerStart(finger));

    private static void ForAllWidths(Action<int, BigInteger> claim)
    {
        for (int bits = 1; bits <= Identifier.MaxBits; bits++)
            claim(bits, BigInteger.One << bits);
    }

    /// <summary>Composes its message only when it fails: there are some hundred thousand of these.</summary>
    private static void Agree(bool agrees, FormattableString what)
    {
        if (!agrees)
            Assert.Fail($"Identifier and BigInteger disagree about {what}.");
    }

    /// <summary>Seeded numbers of this width, with both ends of the circle and the edges between the machine words among them.</summary>
    private static IEnumerable<(Identifier A, Identifier B)> Pairs(int bits)
    {
        var chance = new Random(bits);
        BigInteger size = BigInteger.One << bits;
        BigInteger[] edges = [0, 1, size - 1, size / 2, ulong.MaxValue, BigInteger.One << 64, (BigInteger.One << 128) - 1, BigInteger.One << 128];
        List<Identifier> ids = [.. edges.Select(number => Of(bits, number % size))];
        for (int i = 0; i < 8; i++)
            ids.Add(Ring.RandomIdentifier(bits, chance));
        foreach (Identifier id in ids)
        {
            yield return (id, id);
            yield return (id, ids[chance.Next(ids.Count)]);
            yield return (id, ids[chance.Next(ids.Count)]);
        }
    }

    private static Identifier Of(int bits, BigInteger number) =>
        Identifier.FromBigEndian(bits, number.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static BigInteger Number(Identifier id)
    {
        Span<byte> bytes = stackalloc byte[Identifier.ByteCount(id.Bits)];
        id.WriteBigEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
