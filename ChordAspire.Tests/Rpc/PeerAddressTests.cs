using ChordAspire.Rpc;

namespace ChordAspire.Tests.Rpc;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:50051")]
    [InlineData("localhost:1")]
    [InlineData("peer-0.ring.svc.cluster.local:65535")]
    [InlineData("peer_0:50051")]
    [InlineData("[::1]:50051")]
    [InlineData("[fe80::1]:50051")]
    public void Host_and_port_make_an_address(string address)
    {
        Assert.True(PeerAddress.IsWellFormed(address));
        Assert.Equal(address[(address.LastIndexOf(':') + 1)..], $"{PeerAddress.ToUri(address).Port}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":50051")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("host: 1")]
    [InlineData("http://host:1")]
    [InlineData("host:1/path")]
    [InlineData("user@host:1")]
    [InlineData("two words:1")]
    [InlineData("::1:50051")]
    [InlineData("[::1:50051")]
    [InlineData("host\n:1")]
    [InlineData("host/x:1")]
    public void Anything_else_makes_none(string? address) => Assert.False(PeerAddress.IsWellFormed(address));

    [Fact]
    public void An_address_may_have_255_bytes_and_no_more()
    {
        string host = string.Join('.', Enumerable.Repeat(new string('a', 49), 5));
        Assert.Equal(249, host.Length);
        Assert.True(PeerAddress.IsWellFormed($"{host}:50051"));
        Assert.False(PeerAddress.IsWellFormed($"{host}a:50051"));
    }

    /// <summary>Addresses come from the network: none may pass the check and then fail where it is used.</summary>
    [Fact]
    public void Whatever_is_well_formed_can_be_called()
    {
        var chance = new Random(17);
        const string Letters = "ab0179.:-_[]%@/\\#? ü~!$&'()*+,;=";
        for (int i = 0; i < 200_000; i++)
        {
            string host = string.Concat(Enumerable.Range(0, chance.Next(1, 9)).Select(_ => Letters[chance.Next(Letters.Length)]));
            string address = $"{host}:{chance.Next(0, 70_000)}";
            if (PeerAddress.IsWellFormed(address))
                Assert.True(Uri.TryCreate($"http://{address}", UriKind.Absolute, out Uri? uri) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0, address);
        }
    }
}
