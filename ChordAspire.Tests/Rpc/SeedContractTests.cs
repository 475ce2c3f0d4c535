using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Rpc;

/// <summary>The contract of the system that this one grew out of, as a client made from its proto file alone sees it.</summary>
[Collection(SharedNarrowRing.Name)]
public sealed class SeedContractTests(NarrowRing narrow)
{
    private static readonly Empty Nothing = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_peer_finds_the_owner_of_every_identifier()
    {
        foreach (PeerProcess peer in narrow.Ring.Peers)
        {
            for (int id = 0; id < 64; id++)
            {
                NodeInfo owner = await ClientOf(peer).FindSuccessorAsync(new FindSuccessorRequest { Id = id }, cancellationToken: Cancellation);
                Assert.Equal((NarrowRing.OwnerOf(id), AddressOf(NarrowRing.OwnerOf(id))), (owner.Id, owner.Address));
            }
        }
    }

    [Fact]
    public async Task The_predecessor_is_the_peer_before()
    {
        for (int i = 0; i < NarrowRing.Places.Count; i++)
        {
            int before = NarrowRing.Places[(i + NarrowRing.Places.Count - 1) % NarrowRing.Places.Count];
            NodeInfo told = await ClientOf(narrow.Ring[i]).GetPredecessorAsync(Nothing, cancellationToken: Cancellation);
            Assert.Equal((before, AddressOf(before)), (told.Id, told.Address));
        }
    }

    [Fact]
    public async Task The_finger_table_has_m_entries_each_the_owner_of_its_start()
    {
        for (int i = 0; i < NarrowRing.Places.Count; i++)
        {
            int[] expected = [.. Enumerable.Range(0, NarrowRing.Bits).Select(finger =>
                NarrowRing.OwnerOf((NarrowRing.Places[i] + (1 << finger)) % 64))];
            int[] told = [];
            await Patience.UntilAsync("the fingers are fixed", async () =>
            {
                FingerTableResponse table = await ClientOf(narrow.Ring[i]).GetFingerTableAsync(Nothing, cancellationToken: Cancellation);
                Assert.All(table.Entries, entry => Assert.Equal(AddressOf(entry.Id), entry.Address));
                told = [.. table.Entries.Select(entry => entry.Id)];
                return told.SequenceEqual(expected);
            }, () => $"{string.Join(' ', told)}, not {string.Join(' ', expected)}", Cancellation);
        }
    }

    [Fact]
    public async Task What_is_stored_through_any_peer_is_found_through_every_peer()
    {
        foreach (PeerProcess storing in narrow.Ring.Peers)
        {
            string key = $"käse of {storing.Port}";
            await ClientOf(storing).StoreResourceAsync(new StoreRequest { Key = key, Value = $"wert {storing.Port} ✓" },
                cancellationToken: Cancellation);
            foreach (PeerProcess asked in narrow.Ring.Peers)
                Assert.Equal($"wert {storing.Port} ✓", await LookUpAsync(asked, key));
        }
    }

    [Fact]
    public async Task A_key_without_a_value_has_an_empty_one() => Assert.Equal("", await LookUpAsync(narrow.Ring[0], "never stored"));

    [Fact]
    public async Task A_value_stored_again_is_replaced()
    {
        await ClientOf(narrow.Ring[1]).StoreResourceAsync(new StoreRequest { Key = "again", Value = "old" }, cancellationToken: Cancellation);
        await ClientOf(narrow.Ring[2]).StoreResourceAsync(new StoreRequest { Key = "again", Value = "new" }, cancellationToken: Cancellation);
        Assert.Equal("new", await LookUpAsync(narrow.Ring[3], "again"));
    }

    [Fact]
    [SuppressMessage("Security", "CA5350", Justification = "The contract places keys by SHA-1; nothing is authenticated by it.")]
    public async Task A_key_lies_at_its_sha1_modulo_64()
    {
        for (int i = 0; i < 32; i++)
        {
            string key = $"placed-{i}";
            int owner = NarrowRing.OwnerOf(SHA1.HashData(Encoding.UTF8.GetBytes(key))[^1] % 64);
            PeerProcess peer = narrow.Ring[NarrowRing.Places.ToList().IndexOf(owner)];
            long before = (await peer.DescribeAsync(Cancellation)).ObjectsHeld;
            await ClientOf(narrow.Ring[0]).StoreResourceAsync(new StoreRequest { Key = key, Value = "x" }, cancellationToken: Cancellation);
            Assert.Equal(before + 1, (await peer.DescribeAsync(Cancellation)).ObjectsHeld);
        }
    }

    [Theory]
    [InlineData(6, null)]
    [InlineData(6, 40)]
    [InlineData(20, 40)]
    [InlineData(30, null)]
    public async Task What_is_claimed_of_peers_that_do_not_answer_changes_nothing(int id, int? addressOf)
    {
        var lie = new NodeInfo { Id = id, Address = addressOf is { } place ? AddressOf(place) : $"127.0.0.1:{PeerProcess.FreePort()}" };
        string[] before = await FixedRingAsync();
        foreach (ChordService.ChordServiceClient client in narrow.Ring.Peers.Select(ClientOf))
        {
            await client.NotifyAsync(lie, cancellationToken: Cancellation);
            await client.UpdateSuccessorAsync(lie, cancellationToken: Cancellation);
            await client.UpdatePredecessorAsync(lie, cancellationToken: Cancellation);
        }
        Assert.Equal(before, await DescribeAsync());
    }

    [Fact]
    public async Task A_living_peer_in_the_wrong_place_changes_nothing()
    {
        string[] before = await FixedRingAsync();
        foreach (PeerProcess told in narrow.Ring.Peers)
        {
            foreach (int place in NarrowRing.Places)
            {
                var claim = new NodeInfo { Id = place, Address = AddressOf(place) };
                await ClientOf(told).NotifyAsync(claim, cancellationToken: Cancellation);
                await ClientOf(told).UpdatePredecessorAsync(claim, cancellationToken: Cancellation);
                await ClientOf(told).UpdateSuccessorAsync(claim, cancellationToken: Cancellation);
            }
        }
        Assert.Equal(before, await DescribeAsync());
    }

    [Fact]
    public async Task A_peer_alone_has_no_predecessor_and_is_its_own_successor()
    {
        await using PeerProcess lone = await PeerProcess.StartAsync(Cancellation, ("CHORD_ID_BITS", "6"), ("NODE_ID", "9"));
        await lone.WaitForOutputAsync("starts a ring", Cancellation);
        ChordService.ChordServiceClient client = ClientOf(lone);
        NodeInfo predecessor = await client.GetPredecessorAsync(Nothing, cancellationToken: Cancellation);
        Assert.Equal((-1, ""), (predecessor.Id, predecessor.Address));
        Assert.Equal(9, (await client.FindSuccessorAsync(new FindSuccessorRequest { Id = 33 }, cancellationToken: Cancellation)).Id);
        FingerTableResponse table = await client.GetFingerTableAsync(Nothing, cancellationToken: Cancellation);
        Assert.Equal(Enumerable.Repeat(9, 6), table.Entries.Select(entry => entry.Id));
    }

    private static async Task<string> LookUpAsync(PeerProcess peer, string key) =>
        (await ClientOf(peer).LookupResourceAsync(new LookupRequest { Key = key }, cancellationToken: Cancellation)).Value;

    /// <summary>The ring in words, once all fingers are fixed: from then on nothing changes by itself.</summary>
    private async Task<string[]> FixedRingAsync()
    {
        await The_finger_table_has_m_entries_each_the_owner_of_its_start();
        return await DescribeAsync();
    }

    private async Task<string[]> DescribeAsync()
    {
        PeerDescription[] told = await Task.WhenAll(narrow.Ring.Peers.Select(peer => peer.DescribeAsync(Cancellation)));
        return [.. told.Select(peer => $"{peer.View} fingers {string.Join(' ', peer.Fingers)}")];
    }

    private string AddressOf(int place) => narrow.Ring[NarrowRing.Places.ToList().IndexOf(place)].Address;

    private static ChordService.ChordServiceClient ClientOf(PeerProcess peer) => new(peer.Invoker);
}
