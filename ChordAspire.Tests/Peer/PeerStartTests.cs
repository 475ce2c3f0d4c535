using System.Net;
using System.Net.Sockets;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>What a peer refuses to start with, and what it says then.</summary>
[Collection(OwnPeers.Name)]
public sealed class PeerStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bad_settings_end_the_peer_with_code_2_and_a_line_each_on_the_error_stream()
    {
        await using PeerProcess peer = PeerProcess.Launch(0, 1, ("NODE_ID", "minus one"), ("Chord__MaxHops", "3"));
        Assert.Equal(2, await peer.WaitForExitAsync(Cancellation));
        string[] lines = peer.Errors.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("Configuration error: PORT is '0'", lines[0], StringComparison.Ordinal);
        Assert.Contains("NODE_ID is 'minus one'", peer.Errors, StringComparison.Ordinal);
        Assert.Contains("Chord:MaxHops is '3'", peer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_port_in_use_is_named_with_its_setting(bool grpc)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        // The other port is the beginning of this one: a message is not to be searched for digits alone.
        int other = port / 10;
        await using PeerProcess peer = grpc ? PeerProcess.Launch(port, other) : PeerProcess.Launch(other, port);
        Assert.Equal(1, await peer.WaitForExitAsync(Cancellation));
        Assert.Contains($"Port {port} is in use; set {(grpc ? "PORT" : "HTTP_PORT")} to a free one.", peer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", peer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_cannot_be_listened_on()
    {
        await using PeerProcess peer = PeerProcess.Launch(PeerProcess.FreePort(), PeerProcess.FreePort(), ("Chord__BindAddress", "203.0.113.7"));
        Assert.Equal(1, await peer.WaitForExitAsync(Cancellation));
        Assert.Contains("Cannot listen on 203.0.113.7", peer.Output, StringComparison.Ordinal);
        Assert.Contains("Chord:BindAddress", peer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", peer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NODE_ID", "9", "identifier 09 is taken by the peer at {0}; set another NODE_ID.")]
    [InlineData("CHORD_ID_BITS", "7", "this ring has identifiers of 8 bits, yours have 7; set CHORD_ID_BITS to 8.")]
    [InlineData("Chord__SuccessorListLength", "5", "this ring has successor lists of 4, yours are of 5; set Chord:SuccessorListLength to 4.")]
    public async Task A_peer_that_does_not_fit_the_ring_ends_and_says_why(string setting, string value, string message)
    {
        await using PeerProcess first = await PeerProcess.StartAsync(Cancellation, ("CHORD_ID_BITS", "8"), ("NODE_ID", "9"));
        await using PeerProcess misfit = PeerProcess.Launch(
            PeerProcess.FreePort(), PeerProcess.FreePort(), ("CHORD_ID_BITS", "8"), ("NODE_ID", "77"), ("TARGET_ADDRESS", first.Address), (setting, value));
        Assert.Equal(1, await misfit.WaitForExitAsync(Cancellation));
        Assert.Contains(string.Format(null, message, first.Address), misfit.Output, StringComparison.Ordinal);
        Assert.Contains("Cannot join", misfit.Output, StringComparison.Ordinal);
        Assert.True((await first.DescribeAsync(Cancellation)).View.Successors.Count == 0, first.Output);
    }

    [Fact]
    public async Task A_peer_told_to_join_through_itself_by_another_name_says_so()
    {
        int port = PeerProcess.FreePort();
        await using PeerProcess peer = PeerProcess.Launch(port, PeerProcess.FreePort(), ("TARGET_ADDRESS", $"localhost:{port}"));
        await peer.WaitForOutputAsync("it is this peer itself", Cancellation);
    }

    [Fact]
    public async Task An_unreachable_target_is_tried_again_with_growing_delay_until_it_appears()
    {
        int port = PeerProcess.FreePort();
        await using PeerProcess early = await PeerProcess.StartAsync(Cancellation, ("TARGET_ADDRESS", $"127.0.0.1:{port}"));
        await early.WaitForOutputAsync("Next try in 00:00:00.2500000", Cancellation);
        await early.WaitForOutputAsync("Next try in 00:00:00.4000000", Cancellation);
        await early.WaitForOutputAsync("Next try in 00:00:00.6400000", Cancellation);
        Assert.Contains($"Cannot join through 127.0.0.1:{port} yet: no answer", early.Output, StringComparison.Ordinal);
        await using PeerProcess late = PeerProcess.Launch(port, PeerProcess.FreePort());
        await early.WaitForOutputAsync("joined behind", Cancellation);
        PeerDescription told = await early.DescribeAsync(Cancellation);
        Assert.Equal(late.Address, told.View.Successors.First?.Address);
    }

    [Fact]
    public async Task Nothing_listens_beyond_loopback_unless_told()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation);
        Assert.Equal(
            new[] { peer.Port, peer.HttpPort }.Order().Select(port => $"127.0.0.1:{port}"),
            ListeningSockets.Of(peer.ProcessId).OrderBy(socket => socket.Port).Select(socket => $"{socket}"));
    }
}
