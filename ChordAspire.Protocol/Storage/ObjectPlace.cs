using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ChordAspire.Protocol;

/// <summary>Where objects lie. An object's identifier always has 160 bits, whatever the width of the ring, so that two keys never share one.</summary>
/// <remarks>
/// It is the SHA-1 of the key, turned so that its first m bits are the key's place on the circle of m bits: walking through objects by identifier is
/// walking round the circle, and an arc of places is an arc of object identifiers. In a ring of 160 bits it is the SHA-1 itself.
/// </remarks>
public static class ObjectPlace
{
    /// <summary>Bits of an object's identifier.</summary>
    public const int Bits = Identifier.MaxBits;

    /// <summary>The identifier of the object with this key, in a ring of so many bits.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "SHA-1 spreads names over the circle, as the papers and the seed's contract have it; nothing is authenticated by it.")]
    public static Identifier IdOf(string key, int ringBits)
    {
        byte[] hash = SHA1.HashData(Encoding.UTF8.GetBytes(key));
        if (ringBits == Bits)
            return Identifier.FromBigEndian(Bits, hash);
        var number = new BigInteger(hash, isUnsigned: true, isBigEndian: true);
        BigInteger place = number & ((BigInteger.One << ringBits) - 1);
        return FromNumber((place << (Bits - ringBits)) | (number >> ringBits));
    }

    /// <summary>The place of an object on the circle: the same as <see cref="IdentifierCircle.PlaceOf"/> of its key.</summary>
    public static Identifier Of(Identifier objectId, int ringBits)
    {
        if (ringBits == Bits)
            return objectId;
        Span<byte> bytes = stackalloc byte[Bits / 8];
        objectId.WriteBigEndian(bytes);
        BigInteger place = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) >> (Bits - ringBits);
        return Identifier.FromBigEndian(ringBits, place.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <summary>The objects whose places lie on this arc of the circle, as an arc of object identifiers.</summary>
    public static Arc ObjectsOn(Arc places) => places.From.Bits == Bits ? places : new Arc(LastOn(places.From), LastOn(places.To));

    /// <summary>The last object identifier whose place this is: all bits behind the place are ones.</summary>
    private static Identifier LastOn(Identifier place)
    {
        Span<byte> bytes = stackalloc byte[Bits / 8];
        int length = Identifier.ByteCount(place.Bits);
        place.WriteBigEndian(bytes);
        int behind = Bits - place.Bits;
        return FromNumber((new BigInteger(bytes[..length], isUnsigned: true, isBigEndian: true) << behind) | ((BigInteger.One << behind) - 1));
    }

    private static Identifier FromNumber(BigInteger number) => Identifier.FromBigEndian(Bits, number.ToByteArray(isUnsigned: true, isBigEndian: true));
}
