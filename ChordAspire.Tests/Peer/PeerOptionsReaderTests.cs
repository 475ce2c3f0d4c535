using System.Net;
using ChordAspire.Peer;
using ChordAspire.Protocol;
using Microsoft.Extensions.Configuration;

namespace ChordAspire.Tests.Peer;

public sealed class PeerOptionsReaderTests
{
    [Fact]
    public void Without_settings_a_peer_starts_a_ring_on_loopback()
    {
        PeerOptions options = Read();
        Assert.Equal("127.0.0.1:50051", options.Self.Address);
        Assert.Equal(IdentifierCircle.PlaceOf("127.0.0.1:50051", 160), options.Self.Id);
        Assert.Equal(new ChordParameters(160, 4), options.Ring);
        Assert.Empty(options.Targets);
        Assert.Equal(IPAddress.Loopback, options.BindAddress);
        Assert.Equal((50051, 51051), (options.Port, options.HttpPort));
        Assert.Equal(TimeSpan.FromSeconds(4), options.LeaveTimeout);
        Assert.False(options.TraceMaintenance);
        Assert.False(options.AllowRemoteLeave);
        Assert.Equal(3, options.Storage.Copies);
    }

    [Theory]
    [InlineData("CHORD_ID_BITS", "Chord:IdBits", "8")]
    [InlineData("PORT", "Chord:Port", "6000")]
    [InlineData("HTTP_PORT", "Chord:HttpPort", "6001")]
    [InlineData("NODE_ID", "Chord:NodeId", "77")]
    [InlineData("SOURCE_ADDRESS", "Chord:SourceAddress", "peer.example:7000")]
    [InlineData("TARGET_ADDRESS", "Chord:TargetAddress", "a:1,b:2")]
    public void Both_spellings_of_a_setting_mean_the_same(string environment, string option, string value)
    {
        PeerOptions byName = Read((environment, value));
        PeerOptions byOption = Read((option, value));
        Assert.Equal(byName with { Targets = [] }, byOption with { Targets = [] });
        Assert.Equal(byName.Targets, byOption.Targets);
        Assert.NotEqual(byName with { Targets = [.. byName.Targets] }, Read());
    }

    [Fact]
    public void The_environment_name_counts_more_than_the_option() =>
        Assert.Equal(7, Read(("CHORD_ID_BITS", "7"), ("Chord:IdBits", "8")).Ring.Bits);

    [Theory]
    [InlineData("33", "21")]
    [InlineData("0x21", "21")]
    [InlineData("0X3f", "3f")]
    [InlineData(" 5 ", "05")]
    [InlineData("0", "00")]
    public void An_identifier_is_decimal_or_hexadecimal(string written, string expected) =>
        Assert.Equal(expected, Read(("CHORD_ID_BITS", "6"), ("NODE_ID", written)).Self.Id.ToString());

    [Fact]
    public void The_source_address_gets_the_port_where_it_names_none()
    {
        Assert.Equal("peer.example:6000", Read(("PORT", "6000"), ("SOURCE_ADDRESS", "peer.example")).Self.Address);
        Assert.Equal("peer.example:7000", Read(("PORT", "6000"), ("SOURCE_ADDRESS", "peer.example:7000")).Self.Address);
        Assert.Equal("[::1]:7000", Read(("PORT", "6000"), ("SOURCE_ADDRESS", "[::1]:7000")).Self.Address);
    }

    [Fact]
    public void Targets_are_a_list_without_this_peer_itself() =>
        Assert.Equal(["a:1", "b:2"], Read(("PORT", "6000"), ("TARGET_ADDRESS", " a:1, 127.0.0.1:6000 ,b:2,,127.0.0.1:6000")).Targets);

    [Theory]
    [InlineData("127.0.0.1:6000")]
    [InlineData("127.0.0.1:6000,127.0.0.1:6000")]
    public void A_peer_cannot_join_through_itself(string targets) =>
        Assert.Equal(
            [$"TARGET_ADDRESS is '{targets}', this peer's own address; name another peer, or leave it empty to start a ring."],
            Errors(("PORT", "6000"), ("TARGET_ADDRESS", targets)));

    [Theory]
    [InlineData("CHORD_ID_BITS", "0", "1 to 160")]
    [InlineData("CHORD_ID_BITS", "161", "1 to 160")]
    [InlineData("Chord:IdBits", "many", "1 to 160")]
    [InlineData("PORT", "0", "1 to 65535")]
    [InlineData("PORT", "65536", "1 to 65535")]
    [InlineData("PORT", "99999999999999999999", "1 to 65535")]
    [InlineData("HTTP_PORT", "-1", "1 to 65535")]
    [InlineData("Chord:SuccessorListLength", "1", "2 to 32")]
    [InlineData("Chord:SuccessorListLength", "33", "2 to 32")]
    [InlineData("NODE_ID", "-1", "0 to 2^160 - 1")]
    [InlineData("NODE_ID", "0x", "0 to 2^160 - 1")]
    [InlineData("NODE_ID", "0xfg", "0 to 2^160 - 1")]
    [InlineData("Chord:NodeId", "1.5", "0 to 2^160 - 1")]
    [InlineData("SOURCE_ADDRESS", "http://host:1", "host:port, without a scheme")]
    [InlineData("SOURCE_ADDRESS", "host:0", "host or host:port")]
    [InlineData("SOURCE_ADDRESS", "host:65536", "host or host:port")]
    [InlineData("SOURCE_ADDRESS", "two words", "host or host:port")]
    [InlineData("SOURCE_ADDRESS", "::1", "host or host:port")]
    [InlineData("TARGET_ADDRESS", "host", "host:port of a peer")]
    [InlineData("TARGET_ADDRESS", "http://host:1", "host:port of a peer")]
    [InlineData("TARGET_ADDRESS", "::1:50051", "host:port of a peer")]
    [InlineData("Chord:BindAddress", "localhost", "an IP address")]
    [InlineData("Chord:StabilizeInterval", "250", "00:00:00.0100000 to 01:00:00")]
    [InlineData("Chord:StabilizeInterval", "00:00:00.001", "00:00:00.0100000 to 01:00:00")]
    [InlineData("Chord:FixFingersInterval", "-00:00:01", "00:00:00.0100000 to 01:00:00")]
    [InlineData("Chord:CallTimeoutMin", "soon", "00:00:00.0100000 to 00:01:00")]
    [InlineData("Chord:CallTimeoutMax", "00:00:00.100", "00:00:00.4000000 to 00:01:00")]
    [InlineData("Chord:RequestTimeout", "00:20:00", "00:00:00.1000000 to 00:10:00")]
    [InlineData("Chord:MaxHops", "7", "8 to 1024")]
    [InlineData("Chord:LeaveTimeout", "0", "00:00:00.1000000 to 00:10:00")]
    [InlineData("Chord:TraceMaintenance", "yes", "true or false")]
    [InlineData("Storage:Copies", "5", "1 to 4")]
    [InlineData("Storage:QuotaBytes", "1 potato", "a number of bytes from 1048576")]
    [InlineData("Storage:FreeSpaceFloorBytes", "-1", "a number of bytes from 0")]
    [InlineData("Storage:MaxIncoming", "0", "1 to 65536")]
    [InlineData("Storage:RepairBytesPerSecond", "1KiB", "a number of bytes from 65536")]
    [InlineData("Storage:IdleTimeout", "0", "00:00:01 to 00:10:00")]
    public void A_bad_setting_is_named_with_its_value_and_what_is_allowed(string name, string value, string allowed)
    {
        string error = Assert.Single(Errors((name, value)));
        Assert.StartsWith($"{name} ", error, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", error, StringComparison.Ordinal);
        Assert.Contains(allowed, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identifier_too_large_for_the_circle_is_refused_with_its_width()
    {
        string error = Assert.Single(Errors(("CHORD_ID_BITS", "6"), ("NODE_ID", "64")));
        Assert.Contains("NODE_ID is '64'", error, StringComparison.Ordinal);
        Assert.Contains("0 to 2^6 - 1 (CHORD_ID_BITS is 6)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_two_endpoints_need_a_port_each() =>
        Assert.Equal(["PORT and HTTP_PORT are both 6000; gRPC and health need a port each."], Errors(("PORT", "6000"), ("HTTP_PORT", "6000")));

    [Fact]
    public void Every_bad_setting_is_told_at_once() =>
        Assert.Equal(3, Errors(("PORT", "x"), ("NODE_ID", "y"), ("Chord:MaxHops", "z")).Count);

    [Fact]
    public void Empty_settings_count_as_none() => Assert.Equal(Read().Self, Read(("NODE_ID", ""), ("PORT", ""), ("SOURCE_ADDRESS", "  ")).Self);

    [Fact]
    public void A_longer_shortest_timeout_lengthens_the_longest_with_it()
    {
        PeerOptions options = Read(("Chord:CallTimeoutMin", "00:00:05"));
        Assert.Equal(TimeSpan.FromSeconds(5), options.CallTimeoutMax);
    }

    private static PeerOptions Read(params (string Name, string Value)[] settings)
    {
        bool read = PeerOptionsReader.TryRead(Configure(settings), out PeerOptions? options, out IReadOnlyList<string> errors);
        Assert.True(read, string.Join('\n', errors));
        return options!;
    }

    private static IReadOnlyList<string> Errors(params (string Name, string Value)[] settings)
    {
        Assert.False(PeerOptionsReader.TryRead(Configure(settings), out _, out IReadOnlyList<string> errors));
        return errors;
    }

    private static IConfiguration Configure((string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
}
