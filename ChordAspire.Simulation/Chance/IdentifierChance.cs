using System.Buffers.Binary;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Identifiers at random.</summary>
public static class IdentifierChance
{
    public static Identifier NextIdentifier(this Chance chance, int bits)
    {
        Span<byte> bytes = stackalloc byte[24];
        for (int i = 0; i < 3; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(8 * i)..], chance.NextBits());
        return Identifier.FromBigEndian(bits, bytes[..Identifier.ByteCount(Identifier.MaxBits)]);
    }
}
