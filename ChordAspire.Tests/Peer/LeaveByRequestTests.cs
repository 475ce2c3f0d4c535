using System.Net;
using ChordAspire.Cli;
using ChordAspire.Peer;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Tests.Cli;

namespace ChordAspire.Tests.Peer;

/// <summary><c>chord leave</c> on real peers: the same as SIGTERM.</summary>
[Collection(OwnPeers.Name)]
public sealed class LeaveByRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_that_is_told_to_leaves_in_order_and_ends()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["50", "100", "200"], Cancellation, ("CHORD_ID_BITS", "8"));
        string[] keys = await TestObjects.PutAsync(ring[0].Client, 20, Cancellation);
        // By its place, through another one.
        CommandRun run = await Task.Run(() => CommandRun.Of("leave", "100", "--yes", "--peer", ring[0].Address), Cancellation);
        Assert.True(run.ExitCode == ExitCode.Done, $"{run}\n{ring.Outputs}");
        Assert.StartsWith($"leave {ring[1].Address}: gone after ", run.Error);
        Assert.Equal(0, await ring[1].WaitForExitAsync(Cancellation));
        Assert.Contains("Leaving the ring.", ring[1].Output, StringComparison.Ordinal);
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.AssertAllFoundAsync(ring[0].Client, keys, Cancellation);
        Assert.DoesNotContain("is silent", ring[0].Output + ring[2].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_another_peer_than_the_one_at_the_address_is_refused()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("CHORD_ID_BITS", "8"), ("NODE_ID", "50"));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(
            () => peer.Client.LeaveAsync(new PeerRef(Identifier.FromUInt64(8, 51), peer.Address), Cancellation));
        Assert.Equal(Refusal.NotMember, refused.Reason);
        Assert.False(peer.HasExited);
    }

    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("127.8.8.8", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("10.0.0.7", false, false)]
    [InlineData("::ffff:10.0.0.7", false, false)]
    [InlineData(null, false, false)]
    [InlineData("10.0.0.7", true, true)]
    [InlineData(null, true, true)]
    public void Only_callers_on_its_own_machine_may_tell_a_peer_to_leave_unless_it_is_configured_otherwise(string? caller, bool allowRemoteLeave, bool isGiven) =>
        Assert.Equal(isGiven, LeavePermission.IsGiven(allowRemoteLeave, caller is null ? null : IPAddress.Parse(caller)));
}
