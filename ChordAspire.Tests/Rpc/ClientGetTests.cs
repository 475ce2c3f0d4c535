using ChordAspire.Rpc;
using static ChordAspire.Tests.Rpc.ClientPutTests;

namespace ChordAspire.Tests.Rpc;

public sealed class ClientGetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task An_object_comes_as_it_was_stored(int size)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        string key = ring.KeyOf(2);
        StoredContent stored = ring.Store(key, Bytes(size));
        var destination = new MemoryStream();
        var told = new ToldProgress();
        GetOutcome? outcome = await client.GetAsync(key, destination, Cancellation, progress: told);
        Assert.Equal(new GetOutcome(ring.Peers[2].Self, stored.Version, size, size), outcome);
        Assert.Equal(stored.Content, destination.ToArray());
        Assert.Equal(new TransferProgress(size, size), told.Last);
    }

    [Fact]
    public async Task A_missing_object_is_an_outcome()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        Assert.Null(await client.GetAsync("nothing", new MemoryStream(), Cancellation));
        Assert.Null(await client.StatAsync("nothing", Cancellation));
        DeleteOutcome deleted = await client.DeleteAsync("nothing", Cancellation);
        Assert.Equal((false, false), (deleted.Found, deleted.AfterSilence));
    }

    [Theory]
    [InlineData(0, 1L)]
    [InlineData(5, 100_000L)]
    [InlineData(150_000, null)]
    [InlineData(150_000, 1_000_000L)]
    [InlineData(200_000, null)]
    public async Task A_range_comes_without_what_is_round_it(int offset, long? length)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        StoredContent stored = ring.Store("key", Bytes(200_000));
        DieOnce(ring.Peers[0], part: 1);
        var destination = new MemoryStream();
        GetOutcome? outcome = await client.GetAsync("key", destination, Cancellation, new ByteRange(offset, length));
        Assert.Equal(stored.Content.Skip(offset).Take((int)(length ?? 200_000)), destination.ToArray());
        Assert.Equal((200_000, destination.Length), (outcome!.Size, outcome.Read));
    }

    [Fact]
    public async Task A_range_behind_the_end_is_refused()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Store("key", Bytes(10));
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => client.GetAsync("key", new MemoryStream(), Cancellation, new ByteRange(11)));
        Assert.Equal(Refusal.InvalidRequest, refused.Reason);
    }

    [Fact]
    public async Task An_owner_that_dies_in_the_middle_is_followed_by_the_next_from_the_byte_reached()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        string key = ring.KeyOf(1);
        StoredContent stored = ring.Store(key, Bytes(1_000_000));
        ring.Peers[1].BeforePart = (part, context) =>
        {
            if (part == 5)
                ring.Peers[1].Die(context);
            return Task.CompletedTask;
        };
        int chunksOfSecond = 0;
        ring.Peers[2].BeforePart = (_, _) =>
        {
            chunksOfSecond++;
            return Task.CompletedTask;
        };
        var destination = new MemoryStream();
        GetOutcome? outcome = await client.GetAsync(key, new OneWayStream(destination), Cancellation);
        Assert.Equal((ring.Peers[2].Self, stored.Version), (outcome!.Owner, outcome.Version));
        Assert.Equal(stored.Content, destination.ToArray());
        Assert.InRange(chunksOfSecond, 1, 16);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_object_replaced_in_the_middle_is_begun_anew_where_that_can_be(bool canSeek)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Store("key", Bytes(1_000_000));
        byte[] replacement = Bytes(300_000);
        bool done = false;
        ring.Peers[0].BeforePart = async (part, context) =>
        {
            if (part == 5 && !done)
            {
                done = true;
                ring.Store("key", replacement);
                // The client must have something of the former one.
                await Task.Yield();
                ScriptedObjects.Break(context);
            }
        };
        var destination = new MemoryStream();
        destination.Write([1, 2, 3]);
        Task<GetOutcome?> get = client.GetAsync("key", canSeek ? destination : new OneWayStream(destination), Cancellation);
        if (canSeek)
        {
            GetOutcome? outcome = await get;
            Assert.Equal(ring.Objects["key"].Version, outcome!.Version);
            Assert.Equal([1, 2, 3, .. replacement], destination.ToArray());
        }
        else if (await Record.ExceptionAsync(() => get) is { } failure)
        {
            RefusedException changed = Assert.IsType<RefusedException>(failure);
            Assert.Equal(Refusal.Changed, changed.Reason);
            Assert.Contains("cannot be begun anew", changed.Message, StringComparison.Ordinal);
        }
        else
        {
            // Nothing of the former version had been written yet.
            Assert.Equal([1, 2, 3, .. replacement], destination.ToArray());
        }
    }

    [Fact]
    public async Task Wrong_bytes_are_told_from_the_right_ones()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Store("key", Bytes(200_000));
        ring.Peers[0].Garble = content => [.. content[..^1], (byte)~content[^1]];
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => client.GetAsync("key", new MemoryStream(), Cancellation));
        Assert.Equal(Refusal.Corrupted, refused.Reason);
        Assert.Contains("What was written is not the object", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_bytes_than_announced_are_not_written()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Store("key", Bytes(10));
        ring.Peers[0].Garble = content => [.. content, 1];
        var destination = new MemoryStream();
        Assert.Equal(Refusal.Corrupted, (await Assert.ThrowsAsync<RefusedException>(() => client.GetAsync("key", destination, Cancellation))).Reason);
        Assert.InRange(destination.Length, 0, 10);
    }

    [Fact]
    public async Task A_transfer_goes_on_longer_than_its_timeout_as_long_as_bytes_move()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Store("key", Bytes(12 * RingLimits.ChunkBytes));
        ring.Peers[0].BeforePart = (_, context) => Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, context.CancellationToken);
        long begun = TimeProvider.System.GetTimestamp();
        var timeout = TimeSpan.FromSeconds(0.9);
        await client.GetAsync("key", new MemoryStream(), Cancellation, timeout: timeout);
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > timeout);
        Assert.Single(ring.Peers[0].Calls, "Get");
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_says_that_it_may_have_been_done()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using ChordClient client = ring.ClientOf(0);
        ring.Store("key", [1]);
        ring.Peers[0].Before = (call, context) =>
        {
            if (call == "Delete" && ring.Objects.TryRemove("key", out _))
                ScriptedObjects.Break(context);
            return Task.CompletedTask;
        };
        DeleteOutcome outcome = await client.DeleteAsync("key", Cancellation);
        Assert.Equal((false, true), (outcome.Found, outcome.AfterSilence));
    }

    [Fact]
    public async Task The_owner_tells_of_an_object_and_deletes_it()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        string key = ring.KeyOf(1);
        StoredContent stored = ring.Store(key, Bytes(77));
        ObjectStatus? status = await client.StatAsync(key, Cancellation);
        Assert.Equal((ring.Peers[1].Self, stored.Version, 77, true), (status!.Owner, status.Version, status.Size, status.Replicated));
        Assert.Equal([ring.Peers[0].Self, ring.Peers[2].Self], status.Replicas.AsEnumerable());
        DeleteOutcome deleted = await client.DeleteAsync(key, Cancellation);
        Assert.Equal((true, ring.Peers[1].Self, 3), (deleted.Found, deleted.Owner, deleted.Copies));
        Assert.Empty(ring.Objects);
    }

    [Fact]
    public async Task A_client_that_is_disposed_says_so()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ChordClient client = ring.ClientOf(0);
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.StatAsync("key", Cancellation));
        // What goes by way of the asked peer goes over the caller's own connection.
        await client.DescribeAsync(Cancellation);
    }
}
