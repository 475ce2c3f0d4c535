using System.Numerics;
using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

public sealed class IdentifierCircleTests
{
    /// <summary>FIPS 180 examples, and names beyond ASCII: their UTF-8 bytes count.</summary>
    public static TheoryData<string, string> KnownHashes => new()
    {
        { "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
        { "ключ", "b36af61a5d76b466e25a17dd979530303417c16f" },
        { new string('a', 1000), "291e9a6c66994949b57ba5e650361e98fc36b1ba" },
    };

    [Theory, MemberData(nameof(KnownHashes))]
    public void A_name_is_placed_by_its_sha1(string name, string hash) =>
        Assert.Equal(hash, IdentifierCircle.PlaceOf(name, 160).ToString());

    [Theory, MemberData(nameof(KnownHashes))]
    public void On_a_narrower_circle_the_place_is_the_hash_modulo_its_size(string name, string hash)
    {
        BigInteger whole = new(Convert.FromHexString(hash), isUnsigned: true, isBigEndian: true);
        for (int bits = 1; bits <= 64; bits++)
            Assert.Equal((ulong)(whole % (BigInteger.One << bits)), IdentifierCircle.PlaceOf(name, bits).ToUInt64());
    }
}
