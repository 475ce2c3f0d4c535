using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Interop;

/// <summary>Seed peers that answer nonsense, in a ring of four of ours at 5, 20, 40 and 57. They cannot be kept out; they must do no harm.</summary>
public sealed class BadSeedPeerTests(NarrowRing narrow) : IClassFixture<NarrowRing>
{
    /// <summary>Where the bad one says that it stands: between the peers at 20 and 40.</summary>
    private const int Place = 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The peer before it, which reads it at every round.</summary>
    private PeerProcess Before => narrow.Ring[1];

    private PeerProcess Behind => narrow.Ring[2];

    [Fact]
    public Task One_that_names_an_address_where_nobody_listens() =>
        AssertHarmlessAsync("as its successor, which does not answer", async _ => new NodeInfo { Id = 35, Address = Nowhere });

    [Fact]
    public Task One_that_names_an_identifier_out_of_range() =>
        AssertHarmlessAsync("out of this ring's range", async _ => new NodeInfo { Id = 64, Address = Nowhere });

    [Fact]
    public Task One_that_names_an_address_that_is_none() =>
        AssertHarmlessAsync("not host:port", async _ => new NodeInfo { Id = 35, Address = "http://127.0.0.1" });

    [Fact]
    public Task One_that_names_itself_for_everything() => AssertHarmlessAsync("names itself as its successor", async bad => bad.Self);

    [Fact]
    public Task One_that_names_another_place_at_its_own_address_each_time()
    {
        int asked = 0;
        // At each step of a walk the next peer is a seed peer one place on: as many as there are places.
        return AssertHarmlessAsync(null, async bad => new NodeInfo { Id = 31 + (Interlocked.Increment(ref asked) % 9), Address = bad.Address });
    }

    [Fact]
    public Task One_that_answers_slowly() => AssertHarmlessAsync(null, async bad =>
    {
        await Patience.LetPassAsync(TimeSpan.FromSeconds(3), Cancellation);
        return bad.Self;
    }, places: 2);

    private static string Nowhere { get; } = $"127.0.0.1:{PeerProcess.FreePort()}";

    /// <summary>It notifies the peer behind it like any seed peer, and ours go on: all owners are found, the ring is put right when it has gone.</summary>
    /// <param name="complaint">What is in the log of the peer before it, once; null where it may be several things, or nothing.</param>
    /// <param name="places">How many places are looked up through each of ours, each time.</param>
    private async Task AssertHarmlessAsync(string? complaint, Func<BadSeedPeer, Task<NodeInfo>> answer, int places = 10)
    {
        await using (BadSeedPeer bad = await BadSeedPeer.StartAsync(Place, answer, Cancellation))
        {
            for (int round = 0; round < 2; round++)
            {
                await ClientOf(Behind).NotifyAsync(bad.Self, cancellationToken: Cancellation);
                await AssertOwnersAsync(bad, places);
            }
            if (complaint is not null)
            {
                await Patience.UntilAsync($"'{complaint}' is in the log", async () =>
                {
                    await ClientOf(Behind).NotifyAsync(bad.Self, cancellationToken: Cancellation);
                    return narrow.Ring.Peers.Any(peer => Complaints(peer, bad, complaint) > 0);
                }, () => Before.Output + Behind.Output, Cancellation);
            }
            await AssertOwnersAsync(bad, places);
            if (complaint is not null)
                Assert.All(narrow.Ring.Peers, peer => Assert.InRange(Complaints(peer, bad, complaint), 0, 1));
        }
        await narrow.Ring.WaitUntilIdealAsync(Cancellation);
    }

    private static int Complaints(PeerProcess peer, BadSeedPeer bad, string complaint) =>
        peer.Output.Split('\n').Count(line => line.Contains(complaint, StringComparison.Ordinal) && line.Contains(bad.Address, StringComparison.Ordinal));

    /// <summary>Every place is found, at the right one of ours or, on the arc that it took, at the bad one.</summary>
    private async Task AssertOwnersAsync(BadSeedPeer bad, int places)
    {
        foreach (PeerProcess peer in narrow.Ring.Peers)
        {
            for (int i = 0; i < places; i++)
            {
                int id = i * 64 / places;
                NodeInfo owner = await ClientOf(peer).FindSuccessorAsync(new FindSuccessorRequest { Id = id }, cancellationToken: Cancellation);
                bool mayBeBad = id is > 20 and <= 40;
                Assert.True(
                    owner.Id == NarrowRing.OwnerOf(id) || (mayBeBad && owner.Address == bad.Address),
                    $"{peer.Address} names {owner} as the owner of {id}.");
            }
        }
    }

    private static ChordService.ChordServiceClient ClientOf(PeerProcess peer) => new(peer.Invoker);
}
