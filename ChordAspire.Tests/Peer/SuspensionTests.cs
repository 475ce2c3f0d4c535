using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>SIGSTOP: a peer that accepts connections and answers nothing, for a while.</summary>
[Collection(OwnPeers.Name)]
public sealed class SuspensionTests
{
    /// <summary>A busy machine makes peers patient with each other, and these tests long.</summary>
    private static readonly (string, string) Impatient = ("Chord__CallTimeoutMax", "00:00:00.600");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suspended_peer_is_gone_round_at_once_dropped_soon_and_taken_back_later()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["20", "90", "160", "230"], Cancellation, ("CHORD_ID_BITS", "8"), Impatient);
        PeerProcess suspended = ring[1];
        PeerProcess[] others = [ring[0], ring[2], ring[3]];

        suspended.Suspend();
        LookupAnswer answer = await ring[3].Client.LookupAsync(Identifier.FromUInt64(8, 60), Cancellation);
        Assert.Equal(ring[2].Address, answer.Owner.Address);

        await ring.WaitUntilIdealAsync(Cancellation, others);
        Assert.Contains("5a@", ring[0].Output, StringComparison.Ordinal);
        Assert.Contains($"5a@{suspended.Address} is silent and was dropped", ring[0].Output, StringComparison.Ordinal);

        suspended.Resume();
        await ring.WaitUntilIdealAsync(Cancellation);
        answer = await ring[3].Client.LookupAsync(Identifier.FromUInt64(8, 60), Cancellation);
        Assert.Equal(suspended.Address, answer.Owner.Address);
    }

    [Fact]
    public async Task A_lookup_hands_the_clients_deadline_on()
    {
        await using SmallRing ring = await SmallRing.StartAsync(
            ["20", "120"], Cancellation, ("CHORD_ID_BITS", "8"), ("Chord__CallTimeoutMin", "00:00:50"), ("Chord__RequestTimeout", "00:02:00"));
        ring[1].Suspend();
        long started = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAsync<RefusedException>(() =>
            ring[0].Client.LookupAsync(Identifier.FromUInt64(8, 60), Cancellation, TimeSpan.FromMilliseconds(500)));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Two_peers_that_lost_sight_of_each_other_find_together_again_with_their_objects()
    {
        await using SmallRing ring = await SmallRing.StartAsync(2, Cancellation, Impatient);
        string[] first = await GoAloneAsync(ring[0], ring[1], "first");
        ring[0].Suspend();
        ring[1].Resume();
        await WaitUntilAloneAsync(ring[1]);
        string[] second = await TestObjects.PutAsync(ring[1].Client, 30, Cancellation, "second");
        ring[0].Resume();

        await ring.WaitUntilIdealAsync(Cancellation);
        // Each acknowledged writes of its own meanwhile; the first comparison after the meeting brings them together.
        await TestObjects.WaitUntilAllFoundAsync(ring, [.. first, .. second], Cancellation);
        await TestObjects.WaitUntilPlacedAsync(ring, [.. first, .. second], Cancellation);

        async Task<string[]> GoAloneAsync(PeerProcess staying, PeerProcess suspended, string prefix)
        {
            suspended.Suspend();
            await WaitUntilAloneAsync(staying);
            return await TestObjects.PutAsync(staying.Client, 30, Cancellation, prefix);
        }
    }

    [Fact]
    public async Task Two_lone_peers_find_together_when_only_the_one_with_the_lower_identifier_knows_the_other()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["200"], Cancellation, ("CHORD_ID_BITS", "8"));
        ring[0].Suspend();
        int port = PeerProcess.FreePort();
        await using PeerProcess second = PeerProcess.Launch(
            port, PeerProcess.FreePort(), ("CHORD_ID_BITS", "8"), ("NODE_ID", "20"), ("TARGET_ADDRESS", $"{ring[0].Address},127.0.0.1:{port}"), Impatient);
        await WaitUntilAloneAsync(second);

        ring[0].Resume();
        await ring.WaitUntilIdealAsync(Cancellation, ring[0], second);
    }

    private static Task<TimeSpan> WaitUntilAloneAsync(PeerProcess peer) => Patience.UntilAsync(
        "the peer is alone",
        async () => (await SmallRing.TryDescribeAsync(peer, Cancellation))?.View
            is { Predecessor: null, Successors.Count: 0, Phase: MemberPhase.Member },
        () => peer.Output,
        Cancellation);
}
