using ChordAspire.Protocol;

namespace ChordAspire.Tests.Peer;

/// <summary>SIGKILL in rings smaller than their successor lists, and beyond what these lists can bear.</summary>
[Collection(OwnPeers.Name)]
public sealed class SurvivalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_peers_the_other_one_goes_on_alone_and_takes_company_again()
    {
        await using SmallRing ring = await SmallRing.StartAsync(2, Cancellation);
        ring[1].Kill();
        await ring[1].WaitForExitAsync(Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        string[] keys = await TestObjects.PutAsync(ring[0].Client, 5, Cancellation);
        await TestObjects.AssertAllFoundAsync(ring[0].Client, keys, Cancellation);

        await ring.AddAsync("", Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.AssertAllFoundAsync(ring[2].Client, keys, Cancellation);
    }

    [Fact]
    public async Task A_ring_of_three_survives_two_deaths_one_after_the_other()
    {
        await using SmallRing ring = await SmallRing.StartAsync(3, Cancellation);
        ring[1].Kill();
        await ring[1].WaitForExitAsync(Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        ring[0].Kill();
        await ring[0].WaitForExitAsync(Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        Assert.Equal(MemberPhase.Member, (await ring[2].DescribeAsync(Cancellation)).View.Phase);
    }

    [Fact]
    public async Task A_peer_killed_and_started_again_at_once_is_back_under_its_identifier()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["20", "90", "160"], Cancellation, ("CHORD_ID_BITS", "8"));
        PeerProcess killed = ring[1];
        killed.Kill();
        await killed.WaitForExitAsync(Cancellation);
        await using PeerProcess again = PeerProcess.Launch(
            killed.Port, killed.HttpPort, ("CHORD_ID_BITS", "8"), ("NODE_ID", "90"), ("TARGET_ADDRESS", ring[0].Address));
        await ring.WaitUntilIdealAsync(Cancellation, ring[0], again, ring[2]);
    }

    [Fact]
    public async Task Peers_that_lost_all_their_successors_find_the_ring_again()
    {
        await using SmallRing ring = await SmallRing.StartAsync(
            ["10", "50", "90", "130", "170", "210"], Cancellation, ("CHORD_ID_BITS", "8"), ("Chord__SuccessorListLength", "2"));
        ring[2].Kill();
        ring[3].Kill();
        await ring[2].WaitForExitAsync(Cancellation);
        await ring[3].WaitForExitAsync(Cancellation);
        TimeSpan took = await ring.WaitUntilIdealAsync(Cancellation);
        TestContext.Current.SendDiagnosticMessage("Two successors of two lost: the ring was ideal again after {0}.", took);
        Assert.Contains($"5a@{ring[2].Address} is silent and was dropped", ring[1].Output, StringComparison.Ordinal);
        Assert.Contains($"82@{ring[3].Address} is silent and was dropped", ring[1].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_of_a_ring_goes_on_alone()
    {
        await using SmallRing ring = await SmallRing.StartAsync(
            ["10", "70", "130", "190"], Cancellation, ("CHORD_ID_BITS", "8"), ("Chord__SuccessorListLength", "2"));
        foreach (PeerProcess lost in ring.Peers.Skip(1))
            lost.Kill();
        foreach (PeerProcess lost in ring.Peers.Skip(1))
            await lost.WaitForExitAsync(Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        string[] keys = await TestObjects.PutAsync(ring[0].Client, 5, Cancellation);
        await TestObjects.AssertAllFoundAsync(ring[0].Client, keys, Cancellation);
    }
}
