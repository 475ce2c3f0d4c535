using ChordAspire.Rpc;

namespace ChordAspire.Tests.Rpc;

public sealed class ClientListTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new ulong[] { 9 })]
    [InlineData(new ulong[] { 9, 100 })]
    [InlineData(new ulong[] { 50, 150, 250 })]
    [InlineData(new ulong[] { 10, 40, 70, 100, 130, 160, 190, 220 })]
    public async Task A_whole_ring_is_listed_in_order_each_key_once(ulong[] places)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, places);
        string[] keys = Fill(ring, 200);
        for (int asked = 0; asked < places.Length; asked++)
        {
            using ChordClient client = ring.ClientOf(asked);
            Assert.Equal(keys, await KeysAsync(client, ""));
        }
    }

    [Fact]
    public async Task A_prefix_takes_some_of_them_with_size_and_version()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        string[] keys = Fill(ring, 200);
        using ChordClient client = ring.ClientOf(1);
        List<ListedObject> listed = [];
        await foreach (ListedObject each in client.ListAsync("key-1", Cancellation))
            listed.Add(each);
        Assert.Equal(keys.Where(key => key.StartsWith("key-1", StringComparison.Ordinal)), listed.Select(each => each.Key));
        Assert.All(listed, each => Assert.Equal((ring.Objects[each.Key].Version, ring.Objects[each.Key].Content.Length), (each.Version, each.Size)));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    public async Task A_ring_larger_than_calls_can_be_open_is_listed_a_few_objects_at_a_time(int held)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 10, 40, 70, 100, 130, 160, 190, 220);
        string[] keys = Fill(ring, 100);
        ring.Peers[3].BeforePart = (part, context) =>
        {
            if (part == 0 && ring.Peers[3].Calls.Count(call => call == "List") == 3)
                ring.Peers[3].Die(context);
            return Task.CompletedTask;
        };
        using var channels = new PeerChannels(Short);
        var ringClient = new ChordAspire.Rpc.Wire.RingService.RingServiceClient(channels.To(ring.Peers[0].Address));
        var listing = new RingListing(new OwnerCalls(ringClient, channels, "The asked peer"), "", ChordClient.DefaultTimeout) { MaxOpenCalls = 7, MaxObjectsHeld = held };
        List<string> listed = [];
        await foreach (ListedObject each in listing.RunAsync(Cancellation))
            listed.Add(each.Key);
        Assert.Equal(keys, listed);
        Assert.True(ring.Peers[3].IsDead);
    }

    [Fact]
    public async Task The_objects_of_three_seed_peers_side_by_side_are_listed_by_the_peers_behind_them()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        await using ScriptedSeed first = await ScriptedSeed.StartAsync(ring, 60, Cancellation);
        await using ScriptedSeed second = await ScriptedSeed.StartAsync(ring, 80, Cancellation);
        await using ScriptedSeed third = await ScriptedSeed.StartAsync(ring, 100, Cancellation);
        ring.Peers[0].Describing = reply =>
        {
            reply.Successors.Clear();
            WireMapping.AddTo(reply.Successors, [first.Self, second.Self, third.Self, ring.Peers[1].Self]);
        };
        string[] keys = Fill(ring, 200);
        using ChordClient client = ring.ClientOf(0);
        Assert.Equal(keys, await KeysAsync(client, ""));
        // The second one behind them steps in as well, where the first dies.
        ring.Peers[1].Before = (call, context) =>
        {
            if (call == "List")
                ring.Peers[1].Die(context);
            return Task.CompletedTask;
        };
        Assert.Equal(keys, await KeysAsync(client, ""));
    }

    [Fact]
    public async Task An_empty_ring_lists_nothing()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        Assert.Empty(await KeysAsync(client, ""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_peer_that_dies_in_the_middle_is_followed_by_one_that_holds_its_copies(int dying)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        string[] keys = Fill(ring, 200);
        ring.Peers[dying].BeforePart = (part, context) =>
        {
            if (part == 5)
                ring.Peers[dying].Die(context);
            return Task.CompletedTask;
        };
        using ChordClient client = ring.ClientOf(0);
        Assert.Equal(keys, await KeysAsync(client, ""));
    }

    [Fact]
    public async Task Dead_peers_in_the_way_are_walked_round()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 10, 40, 70, 100, 130, 160, 190, 220);
        string[] keys = Fill(ring, 200);
        // The ring has not noticed yet: its peers still name the dead ones.
        ring.Peers[2].IsDead = true;
        ring.Peers[5].IsDead = true;
        using ChordClient client = ring.ClientOf(0);
        Assert.Equal(keys, await KeysAsync(client, ""));
    }

    [Fact]
    public async Task A_silent_peer_is_given_up_in_time_for_another()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        string[] keys = Fill(ring, 50);
        ring.Peers[1].Before = static (call, context) => call == "List" ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        using ChordClient client = ring.ClientOf(0);
        Assert.Equal(keys, await KeysAsync(client, "", Short));
    }

    [Fact]
    public async Task A_peer_that_is_settling_is_asked_again_and_not_passed_over()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        string[] keys = Fill(ring, 50);
        int refused = 0;
        ring.Peers[1].Before = (call, _) => call == "List" && refused++ < 3 ? throw ScriptedRing.Refuse(Refusal.Unavailable, "settling") : Task.CompletedTask;
        using ChordClient client = ring.ClientOf(0);
        Assert.Equal(keys, await KeysAsync(client, ""));
        Assert.Equal(4, ring.Peers[1].Calls.Count(call => call == "List"));
        Assert.All([ring.Peers[0], ring.Peers[2]], peer => Assert.Single(peer.Calls, "List"));
    }

    [Fact]
    public async Task A_ring_that_never_settles_is_given_up_when_the_time_is_up()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        ring.Peers[1].Before = (call, _) => call == "List" ? throw ScriptedRing.Refuse(Refusal.Unavailable, "settling") : Task.CompletedTask;
        using ChordClient client = ring.ClientOf(0);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => KeysAsync(client, "", Short));
        Assert.Equal(Refusal.Unavailable, refused.Reason);
        Assert.Contains("settling", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_does_not_close_is_an_error()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 10, 40, 70, 100, 130, 160);
        Fill(ring, 10);
        foreach (int dead in (int[])[3, 4, 5])
            ring.Peers[dead].IsDead = true;
        using ChordClient client = ring.ClientOf(1);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => KeysAsync(client, "", Short));
        Assert.Contains("does not close", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_out_of_order_are_not_passed_on_as_a_listing()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("a", [1]);
        ring.Store("b", [1]);
        ring.Peers[0].ListedAtOnce = 1;
        ring.Peers[0].IsBackwards = true;
        using ChordClient client = ring.ClientOf(0);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => KeysAsync(client, "", Short));
        Assert.Equal(Refusal.Corrupted, refused.Reason);
    }

    [Fact]
    public async Task A_listing_can_be_left_off_and_given_up()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        string[] keys = Fill(ring, 100);
        using ChordClient client = ring.ClientOf(0);
        await foreach (ListedObject each in client.ListAsync("", Cancellation))
        {
            Assert.Equal(keys[0], each.Key);
            break;
        }
        using var given = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ListedObject each in client.ListAsync("", given.Token))
                await given.CancelAsync();
        });
    }

    private static string[] Fill(ScriptedRing ring, int count)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(i => $"key-{i}").Append("Ä").Append("\U0001F600").Append("\uFF5E")];
        foreach (string key in keys)
            ring.Store(key, new byte[key.Length]);
        Array.Sort(keys, StringComparer.Ordinal);
        return keys;
    }

    private static async Task<List<string>> KeysAsync(ChordClient client, string prefix, TimeSpan? timeout = null)
    {
        List<string> keys = [];
        await foreach (ListedObject each in client.ListAsync(prefix, Cancellation, timeout))
            keys.Add(each.Key);
        return keys;
    }
}
