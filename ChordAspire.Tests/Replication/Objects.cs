using System.Buffers.Binary;
using ChordAspire.Protocol;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>Objects for tests: content does not matter here, versions do.</summary>
internal static class Objects
{
    public static ObjectEntry Entry(string key, long stamp, int ringBits = 160, long size = 1) => new(ObjectPlace.IdOf(key, ringBits), Version(stamp), size);

    public static ObjectVersion Version(long stamp, ulong hash = 7) => new(stamp, Deleted: false, new ContentHash(hash, 0, 0, 0));

    public static Identifier RandomId(Random random)
    {
        Span<byte> bytes = stackalloc byte[20];
        random.NextBytes(bytes);
        return Identifier.FromBigEndian(160, bytes);
    }

    /// <summary>Identifiers close together, so that ends of arcs fall on objects and between them.</summary>
    public static Identifier Small(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return Identifier.FromBigEndian(160, bytes);
    }
}
