using Aspire.Hosting;
using ChordAspire.AppHost;
using Microsoft.Extensions.Configuration;

namespace ChordAspire.Tests.Hosting;

/// <summary>What the AppHost makes of <c>Ring:SeedPeers</c> and <c>Ring:External</c>.</summary>
public sealed class GuestOptionTests
{
    [Fact]
    public void By_default_there_are_no_guests()
    {
        RingOptions ring = Read();
        Assert.Empty(ring.Guests);
        Assert.False(ring.SeedStartsRing);
    }

    [Fact]
    public void Seed_peers_stand_between_ours_on_the_ports_behind_them()
    {
        RingOptions ring = Read("Ring:Peers=4", "Ring:SparePeers=0", "Ring:IdBits=6", "Ring:SeedPeers=3");
        Assert.Equal(["0", "16", "32", "48"], ring.NodeIds);
        Assert.Equal([("seed-0", 8, 50055), ("seed-1", 24, 50056), ("seed-2", 40, 50057)], ring.Guests.Select(guest => (guest.Name, guest.NodeId, guest.GrpcPort!.Value)));
        Assert.All(ring.Guests, guest => Assert.True(guest.IsSeedPeer && File.Exists(guest.Command)));
    }

    [Fact]
    public void Seed_peers_stand_where_they_are_told_and_free_ports_are_taken()
    {
        RingOptions ring = Read("Ring:Peers=2", "Ring:SparePeers=0", "Ring:IdBits=6", "Ring:NodeIds=0x14,40", "Ring:SeedPeers=2", "Ring:SeedNodeIds=21,0x16", "Ring:BasePort=0");
        Assert.Equal([(21, null), (22, (int?)null)], ring.Guests.Select(guest => (guest.NodeId, guest.GrpcPort)));
    }

    [Fact]
    public void A_seed_peer_that_starts_the_ring_has_identifier_0_and_none_of_ours_has()
    {
        RingOptions ring = Read("Ring:Peers=3", "Ring:SparePeers=0", "Ring:IdBits=6", "Ring:SeedPeers=2", "Ring:SeedStartsRing=true");
        Assert.Equal(["16", "32", "48"], ring.NodeIds);
        Assert.Equal([0, 8], ring.Guests.Select(guest => guest.NodeId));
    }

    [Theory]
    [InlineData(new[] { 34, 30 }, 1)]
    [InlineData(new[] { 63, 1 }, 32)]
    [InlineData(new[] { 5 }, 37)]
    public void No_place_is_chosen_at_0(int[] taken, int place) => Assert.Equal(place, GuestPlacement.Between(taken, 64));

    [Fact]
    public void A_full_circle_has_no_place() => Assert.Null(GuestPlacement.Between(Enumerable.Range(1, 63), 64));

    [Fact]
    public void An_external_program_has_a_name_arguments_and_a_folder()
    {
        string folder = Path.GetTempPath();
        RingOptions ring = Read(
            "Ring:Peers=2", "Ring:SparePeers=0", "Ring:IdBits=6",
            "Ring:External:0:Name=other", "Ring:External:0:Command=dotnet", $"Ring:External:0:WorkingDirectory={folder}", "Ring:External:0:NodeId=7",
            "Ring:External:0:Arguments=run --me {id}@{address} \"two words\" \"\" {\"json\":1}",
            "Ring:External:1:Command=dotnet", "Ring:External:1:Arguments:0=one argument", "Ring:External:1:Arguments:1={target}");
        Assert.Equal(["other", "external-1"], ring.Guests.Select(guest => guest.Name));
        Assert.Equal(["run", "--me", "{id}@{address}", "two words", "", "{json:1}"], ring.Guests[0].Arguments);
        Assert.Equal(["one argument", "{target}"], ring.Guests[1].Arguments);
        Assert.Equal((7, folder), (ring.Guests[0].NodeId, ring.Guests[0].WorkingDirectory));
        Assert.All(ring.Guests, guest => Assert.False(guest.IsSeedPeer));
        Assert.Equal(48, ring.Guests[1].NodeId);
    }

    [Fact]
    public void Placeholders_are_filled_in() => Assert.Equal(
        "7 127.0.0.1:99 99 127.0.0.1:88 {} {0}",
        GuestArguments.Fill("{id} {address} {port} {target} {} {0}", 7, "127.0.0.1:99", "127.0.0.1:88"));

    [Theory]
    [InlineData("Ring:SeedPeers is 1 and Ring:IdBits is 160; seed peers know identifiers of 6 bits only", "Ring:SeedPeers=1")]
    [InlineData("Ring:SeedPeers is 'many'; allowed is a whole number from 0 to 32", "Ring:SeedPeers=many")]
    [InlineData("Ring:SeedStartsRing is 'perhaps'; allowed is true or false", "Ring:SeedStartsRing=perhaps")]
    [InlineData("Ring:SeedPeers is 0; a seed peer is needed", "Ring:SeedStartsRing=true")]
    [InlineData("Ring:SeedNodeIds has 1 identifiers for 2 seed peers", "Ring:IdBits=6", "Ring:SeedPeers=2", "Ring:SeedNodeIds=3")]
    [InlineData("Ring:SeedNodeIds has '64'; allowed is", "Ring:IdBits=6", "Ring:SeedPeers=1", "Ring:SeedNodeIds=64")]
    [InlineData("Ring:SeedNodeIds has '-1'; allowed is", "Ring:IdBits=6", "Ring:SeedPeers=1", "Ring:SeedNodeIds=-1")]
    [InlineData("Ring:SeedNodeIds has 8, which another of the ring has already", "Ring:IdBits=6", "Ring:SeedPeers=1", "Ring:SeedNodeIds=8")]
    [InlineData("Ring:SeedNodeIds has a 0; a seed peer with identifier 0 starts a ring of its own", "Ring:IdBits=6", "Ring:Peers=1", "Ring:SparePeers=0", "Ring:NodeIds=9", "Ring:SeedPeers=1", "Ring:SeedNodeIds=0")]
    [InlineData("Ring:SeedNodeIds begins with 5; the seed peer that starts the ring", "Ring:IdBits=6", "Ring:SeedPeers=1", "Ring:SeedNodeIds=5", "Ring:SeedStartsRing=true")]
    [InlineData("Ring:SeedStartsRing has 0, which another of the ring has already", "Ring:IdBits=6", "Ring:Peers=1", "Ring:SparePeers=0", "Ring:NodeIds=0", "Ring:SeedPeers=1", "Ring:SeedStartsRing=true")]
    [InlineData("has no place left", "Ring:IdBits=6", "Ring:Peers=60", "Ring:SparePeers=0", "Ring:SeedPeers=5")]
    [InlineData("Ring:External needs identifiers of at most 31 bits, and Ring:IdBits is 160", "Ring:External:0:Command=dotnet")]
    [InlineData("Ring:External:0:Command is missing", "Ring:IdBits=6", "Ring:External:0:Name=other")]
    [InlineData("Ring:External:0:Command is 'no-such-program'; there is no such file", "Ring:IdBits=6", "Ring:External:0:Command=no-such-program")]
    [InlineData("Ring:External:0:Command is './no-such-program'; there is no such file", "Ring:IdBits=6", "Ring:External:0:Command=./no-such-program")]
    [InlineData("Ring:External:0:WorkingDirectory is", "Ring:IdBits=6", "Ring:External:0:Command=dotnet", "Ring:External:0:WorkingDirectory=no-such-folder")]
    [InlineData("Ring:External:0:Arguments has {adress}; there are {id}, {address}, {port}, {target}", "Ring:IdBits=6", "Ring:External:0:Command=dotnet", "Ring:External:0:Arguments=--at={adress}")]
    [InlineData("Ring:External:0:Arguments leaves a quote open", "Ring:IdBits=6", "Ring:External:0:Command=dotnet", "Ring:External:0:Arguments=\"")]
    [InlineData("Ring:External:0:Args means nothing; an external program has Name, Command, Arguments, WorkingDirectory, NodeId", "Ring:IdBits=6", "Ring:External:0:Command=dotnet", "Ring:External:0:Args=x")]
    public void What_is_wrong_is_named(string said, params string[] settings)
    {
        DistributedApplicationException failure = Assert.Throws<DistributedApplicationException>(() => Read(settings));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    private static RingOptions Read(params string[] settings) => RingOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1])).Build(),
        AppContext.BaseDirectory);
}
