using Google.Protobuf;
using WirePeer = ChordAspire.Rpc.Wire.Peer;

namespace ChordAspire.Tests.Rpc;

/// <summary>What is no peer of a ring of 160 bits.</summary>
internal static class BadPeers
{
    private static readonly ByteString Id = ByteString.CopyFrom(Enumerable.Repeat((byte)7, 20).ToArray());

    public static IEnumerable<(string Name, WirePeer? Peer)> All()
    {
        yield return ("nobody", null);
        yield return ("a peer without identifier", new WirePeer { Address = "127.0.0.1:1" });
        yield return ("a peer with a short identifier", new WirePeer { Id = ByteString.CopyFrom(new byte[19]), Address = "127.0.0.1:1" });
        yield return ("a peer with a long identifier", new WirePeer { Id = ByteString.CopyFrom(new byte[21]), Address = "127.0.0.1:1" });
        yield return ("a peer without address", new WirePeer { Id = Id });
        yield return ("a peer with a scheme", new WirePeer { Id = Id, Address = "http://127.0.0.1:1" });
        yield return ("a peer without port", new WirePeer { Id = Id, Address = "127.0.0.1" });
        yield return ("a peer with a bare IPv6 address", new WirePeer { Id = Id, Address = "::1:80" });
        yield return ("a peer with a long address", new WirePeer { Id = Id, Address = $"{string.Join('.', Enumerable.Repeat(new string('a', 50), 5))}:1" });
    }
}
