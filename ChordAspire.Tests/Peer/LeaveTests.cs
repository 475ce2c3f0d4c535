using System.Net;
using System.Net.Sockets;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>SIGTERM: leaving in order, within a bound.</summary>
[Collection(OwnPeers.Name)]
public sealed class LeaveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_that_leaves_tells_its_neighbours_and_gives_its_objects_to_its_successor()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["50", "100", "200"], Cancellation, ("CHORD_ID_BITS", "8"));
        // An owner that does not know its replicas yet writes to those it knows, and gives the others their copies later.
        await ring.WaitUntilReplicatedAsync(Cancellation);
        string[] keys = await TestObjects.PutAsync(ring[0].Client, 60, Cancellation);
        PeerProcess leaver = ring[1];
        long owned = (await leaver.DescribeAsync(Cancellation)).ObjectsOwned;
        long before = (await ring[2].DescribeAsync(Cancellation)).ObjectsOwned;
        Assert.True(owned > 0);

        leaver.Terminate();
        Assert.Equal(0, await leaver.WaitForExitAsync(Cancellation));

        await ring.WaitUntilIdealAsync(Cancellation);
        Assert.Equal(before + owned, (await ring[2].DescribeAsync(Cancellation)).ObjectsOwned);
        await TestObjects.AssertAllFoundAsync(ring[0].Client, keys, Cancellation);
        // Three peers, three copies: the others had them all, and the leaver's stay on its disk.
        Assert.True(leaver.Output.Contains("; 0 copies given to other peers since the start, 60 kept on disk.", StringComparison.Ordinal), leaver.Output);
        // Told, not found out.
        Assert.DoesNotContain("is silent", ring[0].Output + ring[2].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lone_peer_leaves_at_once_and_its_observers_hear_of_it()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation);
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        await TestObjects.PutAsync(peer.Client, 3, Cancellation);
        await using IAsyncEnumerator<PeerNews> news = peer.Client.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await news.MoveNextAsync());
        peer.Terminate();
        MemberPhase? last = null;
        for (; news.Current.Told is { } told; Assert.True(await news.MoveNextAsync().AsTask().WaitAsync(Patience.Ample, TimeProvider.System, Cancellation)))
            last = told.View.Phase;
        Assert.Equal(MemberPhase.Left, last);
        Assert.Equal(0, await peer.WaitForExitAsync(Cancellation));
        Assert.Contains("; 0 copies given to other peers since the start, 3 kept on disk.", peer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_does_not_hold_up_the_end()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector.LocalEndpoint}"));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        peer.Terminate();
        long started = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await peer.WaitForExitAsync(Cancellation));
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        Assert.True(took < TimeSpan.FromSeconds(8), $"It took {took}.\n{peer.Output}");
    }

    [Fact]
    public async Task A_peer_that_never_joined_ends_in_order_too()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("TARGET_ADDRESS", $"127.0.0.1:{PeerProcess.FreePort()}"));
        peer.Terminate();
        Assert.Equal(0, await peer.WaitForExitAsync(Cancellation));
    }

    [Fact]
    public async Task Past_a_suspended_successor_the_objects_go_to_the_next_one_within_the_bound()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["50", "100", "200"], Cancellation, ("CHORD_ID_BITS", "8"));
        string[] keys = await TestObjects.PutAsync(ring[0].Client, 60, Cancellation);
        ring[2].Suspend();
        ring[1].Terminate();
        long started = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await ring[1].WaitForExitAsync(Cancellation));
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        Assert.True(took < TimeSpan.FromSeconds(10), $"Leaving took {took}; it may take 4 s and a moment to end.\n{ring[1].Output}");

        ring[2].Resume();
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.AssertAllFoundAsync(ring[0].Client, keys, Cancellation);
        Assert.DoesNotContain("before all copies", ring[1].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_a_leave_that_takes_long()
    {
        // Patient with its only neighbour, which will not answer: the first signal's hand-over hangs.
        await using SmallRing ring = await SmallRing.StartAsync(
            ["100", "200"], Cancellation, ("CHORD_ID_BITS", "8"), ("Chord__LeaveTimeout", "00:05:00"), ("Chord__CallTimeoutMin", "00:00:50"));
        await TestObjects.PutAsync(ring[0].Client, 20, Cancellation);
        ring[1].Suspend();
        ring[0].Terminate();
        await ring[0].WaitForOutputAsync("Leaving the ring", Cancellation);
        Assert.Equal(MemberPhase.Leaving, (await ring[0].DescribeAsync(Cancellation)).View.Phase);
        ring[0].Terminate();
        long started = TimeProvider.System.GetTimestamp();
        Assert.Equal(1, await ring[0].WaitForExitAsync(Cancellation));
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        Assert.True(took < TimeSpan.FromSeconds(10), $"It took {took}.\n{ring[0].Output}");
    }

    [Fact]
    public async Task All_peers_may_leave_at_the_same_moment()
    {
        await using SmallRing ring = await SmallRing.StartAsync(3, Cancellation);
        await TestObjects.PutAsync(ring[0].Client, 20, Cancellation);
        foreach (PeerProcess peer in ring.Peers)
            peer.Terminate();
        foreach (PeerProcess peer in ring.Peers)
            Assert.Equal(0, await peer.WaitForExitAsync(Cancellation));
    }

    [Fact]
    public async Task A_put_through_a_leaving_peer_does_not_hold_it_up()
    {
        await using SmallRing ring = await SmallRing.StartAsync(2, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task puts = PutOnAsync(ring[0].Client, stop.Token);
        ring[0].Terminate();
        long started = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await ring[0].WaitForExitAsync(Cancellation));
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        await stop.CancelAsync();
        await puts;
        Assert.True(took < TimeSpan.FromSeconds(3), $"It took {took}.\n{ring[0].Output}");

        static async Task PutOnAsync(ChordClient client, CancellationToken stop)
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await client.PutAsync($"key-{i % 50}", new byte[10], stop);
                }
                catch (RefusedException)
                {
                    return;
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
