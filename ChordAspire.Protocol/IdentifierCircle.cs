using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ChordAspire.Protocol;

/// <summary>The circle of 2^m identifiers, and how names are placed on it.</summary>
public static class IdentifierCircle
{
    /// <summary>The place of a name (a key, or a peer's advertised address): SHA-1 of its UTF-8 bytes, modulo 2^bits (SIGCOMM 2001 §4.1).</summary>
    [SuppressMessage("Security", "CA5350", Justification = "SHA-1 spreads names over the circle, as the papers and the seed's contract have it; nothing is authenticated by it.")]
    public static Identifier PlaceOf(string name, int bits)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        int length = Encoding.UTF8.GetByteCount(name);
        Span<byte> utf8 = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(name, utf8);
        SHA1.HashData(utf8, hash);
        return Identifier.FromBigEndian(bits, hash);
    }
}
