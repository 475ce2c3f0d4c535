using System.Text;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Grpc.Core;

namespace ChordAspire.Tests.Peer;

/// <summary>Observers are told what changes.</summary>
[Collection(SharedWideRing.Name)]
public sealed class WatchTests(WideRing wide)
{
    private const int MaxWatchers = 64;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_observer_is_told_all_at_once_and_then_what_changes()
    {
        PeerProcess peer = wide.Ring[0];
        await using IAsyncEnumerator<PeerNews> news = peer.Client.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await news.MoveNextAsync());
        PeerDescription first = news.Current.Told!;
        Assert.Equal(peer.Address, first.View.Self.Address);
        Assert.Equal(3, first.View.Successors.Count);

        // Four peers hold three copies each: of several objects this one holds some.
        for (int i = 0; i < 8; i++)
            await peer.Client.PutAsync($"watched {i}", Encoding.UTF8.GetBytes("content"), Cancellation);
        do
        {
            Assert.True(await news.MoveNextAsync().AsTask().WaitAsync(Patience.Ample, TimeProvider.System, Cancellation));
        }
        while (news.Current.Told!.ObjectsHeld <= first.ObjectsHeld);
        for (int i = 0; i < 8; i++)
            await peer.Client.DeleteAsync($"watched {i}", Cancellation);
    }

    [Fact]
    public async Task An_observer_hears_of_a_peer_without_news_now_and_then()
    {
        await using IAsyncEnumerator<PeerNews> news = wide.Ring[1].Client.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        // Any change of the ring's other tests may come between; in the end nothing but signs of life.
        PeerDescription? last = null;
        long heard = 0;
        await Patience.UntilAsync(
            "two messages say the same, a while apart",
            async () =>
            {
                Assert.True(await news.MoveNextAsync());
                PeerDescription told = news.Current.Told!;
                bool same = last is not null && told.ObjectsHeld == last.ObjectsHeld && told.View.Successors.Peers.SequenceEqual(last.View.Successors.Peers)
                    && TimeProvider.System.GetElapsedTime(heard) > RingLimits.WatchHeartbeat / 2;
                (last, heard) = (told, TimeProvider.System.GetTimestamp());
                return same;
            },
            () => "", Cancellation);
    }

    [Fact]
    public async Task There_is_an_end_to_the_observers_of_a_peer()
    {
        var ring = new RingService.RingServiceClient(wide.Ring[2].Invoker);
        List<AsyncServerStreamingCall<WatchReply>> watches = [];
        try
        {
            RpcException? refused = null;
            while (refused is null && watches.Count <= MaxWatchers)
            {
                watches.Add(ring.Watch(new WatchRequest(), cancellationToken: Cancellation));
                try
                {
                    Assert.True(await watches[^1].ResponseStream.MoveNext(Cancellation));
                }
                catch (RpcException failure)
                {
                    refused = failure;
                }
            }
            Assert.Equal(MaxWatchers + 1, watches.Count);
            Assert.Equal(StatusCode.ResourceExhausted, refused?.StatusCode);
        }
        finally
        {
            foreach (AsyncServerStreamingCall<WatchReply> watch in watches)
                watch.Dispose();
        }
    }
}
