using ChordAspire.Rpc;

namespace ChordAspire.Tests.Rpc;

public sealed class ClientPutTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, "Put")]
    [InlineData(1, "Put")]
    [InlineData(RingLimits.ChunkBytes, "Put")]
    [InlineData(RingLimits.ChunkBytes + 1, "PutStream")]
    [InlineData((3 * RingLimits.ChunkBytes) + 7, "PutStream")]
    public async Task An_object_is_stored_at_its_owner_a_large_one_in_chunks(int size, string call)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        string key = ring.KeyOf(1);
        byte[] content = Bytes(size);
        var told = new ToldProgress();
        PutOutcome outcome = await client.PutAsync(key, new MemoryStream(content), Cancellation, told);
        Assert.Equal(content, ring.Objects[key].Content);
        Assert.Equal((ring.Peers[1].Self, ring.Objects[key].Version, size, 3), (outcome.Owner, outcome.Version, outcome.Size, outcome.Copies));
        Assert.Equal([call], ring.Peers[1].Calls);
        Assert.Equal(size, told.Last.Bytes);
    }

    [Theory]
    [InlineData(0, "Put")]
    [InlineData(100, "Put")]
    [InlineData((2 * RingLimits.ChunkBytes) + 9, "PutStream")]
    public async Task The_size_of_a_source_need_not_be_known(int size, string call)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        byte[] content = Bytes(size);
        await client.PutAsync("key", new OneWayStream(new MemoryStream(content)), Cancellation);
        Assert.Equal(content, ring.Objects["key"].Content);
        Assert.Equal(call, ring.Peers[0].Calls.Last());
    }

    [Fact]
    public async Task A_source_is_read_from_where_it_stands()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        byte[] content = Bytes(200_000);
        DieOnce(ring.Peers[0], part: 2);
        await client.PutAsync("key", new MemoryStream(content) { Position = 50_000 }, Cancellation);
        Assert.Equal(content[50_000..], ring.Objects["key"].Content);
        Assert.Equal(2, ring.Peers[0].Calls.Count(call => call == "PutStream"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Told_the_wrong_owner_the_client_looks_up_again(int size)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        ring.WrongOwners.Enqueue(ring.Peers[2]);
        ring.WrongOwners.Enqueue(ring.Peers[0]);
        await client.PutAsync(ring.KeyOf(1), new MemoryStream(Bytes(size)), Cancellation);
        Assert.Equal(3, ring.Lookups);
    }

    [Fact]
    public async Task Even_a_pipe_is_stored_when_the_first_lookup_was_wrong()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        ring.WrongOwners.Enqueue(ring.Peers[2]);
        string key = ring.KeyOf(1);
        await client.PutAsync(key, new OneWayStream(new MemoryStream(Bytes(200_000))), Cancellation);
        Assert.Equal(200_000, ring.Objects[key].Content.Length);
    }

    [Fact]
    public async Task An_owner_that_dies_in_the_middle_is_worked_round()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        string key = ring.KeyOf(1);
        ring.Peers[1].BeforePart = (part, context) =>
        {
            if (part == 3)
                ring.Peers[1].Die(context);
            return Task.CompletedTask;
        };
        PutOutcome outcome = await client.PutAsync(key, new MemoryStream(Bytes(1_000_000)), Cancellation);
        Assert.Equal(ring.Peers[2].Self, outcome.Owner);
        Assert.Equal(1_000_000, ring.Objects[key].Content.Length);
    }

    [Fact]
    public async Task A_broken_upload_from_a_pipe_says_that_it_must_be_put_again()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        DieOnce(ring.Peers[0], part: 3);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(
            () => client.PutAsync("key", new OneWayStream(new MemoryStream(Bytes(1_000_000))), Cancellation));
        Assert.Contains("cannot be read again", refused.Message, StringComparison.Ordinal);
        Assert.Empty(ring.Objects);
    }

    [Theory]
    [InlineData(Refusal.Exhausted)]
    [InlineData(Refusal.InvalidRequest)]
    [InlineData(Refusal.Corrupted)]
    [InlineData(Refusal.OtherRing)]
    public async Task Some_refusals_are_final(Refusal reason)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Peers[0].Before = (call, _) => call == "Put" ? throw ScriptedRing.Refuse(reason) : Task.CompletedTask;
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => client.PutAsync("key", new MemoryStream([1]), Cancellation));
        Assert.Equal((reason, 1), (refused.Reason, ring.Lookups));
        Assert.Contains("said the test", refused.Message, StringComparison.Ordinal);
        if (reason == Refusal.Exhausted)
            Assert.Contains("start more peers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_is_told_as_it_was_meant()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Peers[0].BeforePart = (part, _) => part == 2 ? throw ScriptedRing.Refuse(Refusal.Exhausted, "no room on disk") : Task.CompletedTask;
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => client.PutAsync("key", new MemoryStream(Bytes(20_000_000)), Cancellation));
        Assert.Equal(Refusal.Exhausted, refused.Reason);
        Assert.Contains("no room on disk", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_stays_unavailable_is_given_up_when_the_time_is_up()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Peers[0].Before = (call, _) => call == "Put" ? throw ScriptedRing.Refuse(Refusal.Unavailable, "settling") : Task.CompletedTask;
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => client.PutAsync("key", new MemoryStream([1]), Cancellation, timeout: Short));
        Assert.Equal(Refusal.Unavailable, refused.Reason);
        Assert.Contains("Gave up after 1.5 s", refused.Message, StringComparison.Ordinal);
        Assert.InRange(ring.Lookups, 3, 20);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20_000_000)]
    public async Task A_silent_owner_is_given_up_in_time_for_another(int size)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        string key = ring.KeyOf(1);
        ring.Peers[1].Before = (_, context) =>
        {
            // Others have noticed by the time the client asks again.
            ring.Peers[1].IsDead = true;
            return ScriptedObjects.StaySilentAsync(context);
        };
        PutOutcome outcome = await client.PutAsync(key, new MemoryStream(Bytes(size)), Cancellation, timeout: Short);
        Assert.Equal(ring.Peers[2].Self, outcome.Owner);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task A_source_that_changes_while_it_is_read_never_passes_as_the_whole(int size)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        IOException changed = await Assert.ThrowsAsync<IOException>(() => client.PutAsync("key", new ShrinkingStream(Bytes(size)), Cancellation));
        Assert.Contains("changed while it was being read", changed.Message, StringComparison.Ordinal);
        Assert.Empty(ring.Objects);
    }

    [Fact]
    public async Task Giving_up_ends_an_upload_and_leaves_nothing()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        using var given = new CancellationTokenSource();
        ring.Peers[0].BeforePart = (part, context) =>
        {
            if (part == 2)
                given.Cancel();
            return Task.CompletedTask;
        };
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.PutAsync("key", new MemoryStream(Bytes(20_000_000)), given.Token));
        Assert.Equal(given.Token, cancelled.CancellationToken);
        Assert.Empty(ring.Objects);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\there")]
    public async Task A_key_that_is_none_is_refused_before_anybody_is_asked(string key)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        await Assert.ThrowsAsync<RefusedException>(() => client.PutAsync(key, new MemoryStream([1]), Cancellation));
        Assert.Empty(ring.Peers[0].Calls);
    }

    internal static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The first stream breaks at this message.</summary>
    internal static void DieOnce(ScriptedObjects peer, int part)
    {
        bool done = false;
        peer.BeforePart = (at, context) =>
        {
            if (at == part && !done)
            {
                done = true;
                ScriptedObjects.Break(context);
            }
            return Task.CompletedTask;
        };
    }

    internal sealed class ToldProgress : IProgress<TransferProgress>
    {
        public TransferProgress Last { get; private set; }

        public void Report(TransferProgress value) => Last = value;
    }

    /// <summary>Has less in it than it said.</summary>
    private sealed class ShrinkingStream(byte[] content) : MemoryStream(content)
    {
        public override long Length => base.Length + 1;
    }
}
