using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;
using Grpc.Core;
using LookupRequest = ChordAspire.Rpc.Seed.LookupRequest;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Interop;

/// <summary>Seed peers among themselves: what the others of these tests stand on. They must be as weak as the seed is.</summary>
[Collection(OwnPeers.Name)]
public sealed class SeedPeerTests(SeedPeerTests.ThreePlaces three) : IClassFixture<SeedPeerTests.ThreePlaces>
{
    /// <summary>A key whose SHA-1 lies at 20.</summary>
    private const string KeyAt20 = "song 25";

    private static readonly Empty Nothing = new();
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(600);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asked_for_its_own_identifier_a_seed_peer_names_its_successor_and_all_others_name_it()
    {
        for (int asked = 0; asked < 3; asked++)
        {
            for (int owner = 0; owner < 3; owner++)
            {
                NodeInfo named = await FindAsync(three.Ring[asked], three.Ring[owner].Id);
                Assert.Equal(three.Ring[asked == owner ? (owner + 1) % 3 : owner].Id, named.Id);
            }
        }
    }

    [Fact]
    public async Task Every_identifier_in_between_has_one_owner_whom_all_name()
    {
        foreach (SeedPeerProcess peer in three.Ring.Peers)
        {
            foreach ((int id, int owner) in new[] { (1, 20), (19, 20), (21, 40), (39, 40), (41, 0), (63, 0) })
            {
                NodeInfo named = await FindAsync(peer, id);
                Assert.Equal((owner, three.Ring.Peers.Single(one => one.Id == owner).Address), (named.Id, named.Address));
            }
        }
    }

    [Fact]
    public async Task A_value_stays_with_whoever_was_asked_to_store_it_and_is_found_where_that_is_the_owner()
    {
        // Keys at 10 and 30, owned by 20 and 40.
        await three.Ring[1].Client.StoreResourceAsync(new StoreRequest { Key = "song 10", Value = "at its owner" }, cancellationToken: Cancellation);
        await three.Ring[1].Client.StoreResourceAsync(new StoreRequest { Key = "song 83", Value = "astray" }, cancellationToken: Cancellation);
        foreach (SeedPeerProcess peer in three.Ring.Peers)
        {
            Assert.Equal("at its owner", (await peer.Client.LookupResourceAsync(new LookupRequest { Key = "song 10" }, cancellationToken: Cancellation)).Value);
            Assert.Equal("", (await peer.Client.LookupResourceAsync(new LookupRequest { Key = "song 83" }, cancellationToken: Cancellation)).Value);
        }
    }

    [Fact]
    public async Task A_seed_peer_has_six_fingers()
    {
        int[] told = [];
        await Patience.UntilAsync("the fingers are fixed", async () =>
        {
            told = [.. (await three.Ring[0].Client.GetFingerTableAsync(Nothing, cancellationToken: Cancellation)).Entries.Select(entry => entry.Id)];
            return told.SequenceEqual([20, 20, 20, 20, 20, 40]);
        }, () => string.Join(' ', told), Cancellation);
    }

    [Fact]
    public async Task A_seed_peer_knows_nothing_of_our_contracts()
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Wire.PeerService.PeerServiceClient(three.Ring[0].Invoker).PingAsync(new Wire.PingRequest(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
        refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Wire.RingService.RingServiceClient(three.Ring[0].Invoker).DescribeAsync(new Wire.DescribeRequest(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    [Fact]
    public async Task A_seed_peer_whose_target_does_not_answer_ends_with_code_1()
    {
        await using SeedPeerProcess lost = SeedPeerProcess.Launch(7, PeerProcess.FreePort(), $"127.0.0.1:{PeerProcess.FreePort()}");
        Assert.Equal(1, await lost.WaitForExitAsync(Cancellation));
        Assert.True(lost.Said("could not join through"), lost.Output);
        Assert.False(lost.Said("listens on"), lost.Output);
    }

    /// <summary>One life of a small ring, since seed peers take a second for each round.</summary>
    [Fact]
    public async Task Leaving_mends_the_ring_but_a_dead_successor_ends_the_maintenance_for_good()
    {
        await using SeedRing ring = await SeedRing.StartAsync(Cancellation, 20, 40);

        // It leaves: its neighbours are told of each other, and go on.
        ring[2].Terminate();
        Assert.Equal(0, await ring[2].WaitForExitAsync(Cancellation));
        Assert.True(ring[2].Said("leaves"), ring[2].Output);
        Assert.Equal(0, await SeedRing.SuccessorOfAsync(ring[1], Cancellation));
        Assert.Equal(20, (await ring[0].Client.GetPredecessorAsync(Nothing, cancellationToken: Cancellation)).Id);

        // Ten calls at once: a key at exactly 20 goes round between the two until all of their workers wait for one another.
        RpcException late = await Assert.ThrowsAsync<RpcException>(async () =>
            await ring[0].Client.LookupResourceAsync(new LookupRequest { Key = KeyAt20 }, deadline: Deadline(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        late = await Assert.ThrowsAsync<RpcException>(async () =>
            await ring[1].Client.GetPredecessorAsync(Nothing, deadline: Deadline(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);

        // It dies: the other stays as it is, and goes on answering.
        ring[1].Kill();
        await ring[0].WaitForOutputAsync("ends its maintenance for good", Cancellation);
        Assert.Equal(20, await SeedRing.SuccessorOfAsync(ring[0], Cancellation));
        RpcException failed = await Assert.ThrowsAsync<RpcException>(async () => await FindAsync(ring[0], 30));
        Assert.Equal(StatusCode.Unknown, failed.StatusCode);

        // Started again under its old identifier it is given itself as successor.
        await using SeedPeerProcess again = await SeedPeerProcess.StartAsync(20, ring[0].Address, Cancellation);
        Assert.True(again.Said($"its successor is 20 at {ring[1].Address}"), again.Output);
    }

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + Brief;

    private static async Task<NodeInfo> FindAsync(SeedPeerProcess peer, int id) =>
        await peer.Client.FindSuccessorAsync(new FindSuccessorRequest { Id = id }, cancellationToken: Cancellation);

    public sealed class ThreePlaces : IAsyncLifetime
    {
        private SeedRing? _ring;

        /// <summary>At 0, 20 and 40.</summary>
        public SeedRing Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

        public async ValueTask InitializeAsync() => _ring = await SeedRing.StartAsync(CancellationToken.None, 20, 40);

        public async ValueTask DisposeAsync()
        {
            if (_ring is not null)
                await _ring.DisposeAsync();
        }
    }
}
