using ChordAspire.Peer;
using ChordAspire.Protocol;
using static ChordAspire.Tests.Storage.Objects;

namespace ChordAspire.Tests.Storage;

/// <summary>What the store promises while nothing fails.</summary>
public sealed class ObjectStoreTests
{
    private readonly MemoryDisk _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Sizes => [0, 1, 1000, 16 * 1024, Block - 1, Block, Block + 1, (3 * Block) + 77];

    [Theory, MemberData(nameof(Sizes))]
    public async Task What_was_stored_is_read_back_and_still_after_a_restart(int size)
    {
        byte[] content = Content(size, size);
        await using (ObjectStore store = await OpenStoreAsync(_disk))
        {
            Assert.Equal(new CommitResult.Stored(EntryOf("a key", content, 5), IsNew: true), await store.PutAsync("a key", content, 5));
            Assert.Equal(content, await store.GetAsync("a key"));
        }
        await using ObjectStore again = await OpenStoreAsync(_disk);
        Assert.Equal([EntryOf("a key", content, 5)], again.Index.All);
        Assert.Equal(content, await again.GetAsync("a key"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7777)]
    [InlineData(Block)]
    [InlineData(2 * Block)]
    public async Task The_size_of_the_chunks_makes_no_difference(int chunk)
    {
        byte[] content = Content(1, (2 * Block) + (chunk == 1 ? -Block - Block + 3000 : 500));
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await using (IncomingObject incoming = store.Receive("key"))
        {
            foreach (byte[] part in content.Chunk(chunk))
                await incoming.WriteAsync(part, Cancellation);
            Assert.Equal((HashOf(content), content.Length), await incoming.CompleteAsync(Cancellation));
            await incoming.CommitAsync(1, Cancellation);
        }
        Assert.Equal(content, await store.GetAsync("key"));
    }

    [Fact]
    public async Task A_range_is_read_wherever_it_begins_and_never_beyond_the_end()
    {
        byte[] content = Content(2, (2 * Block) + 100);
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await store.PutAsync("key", content, 1);
        await using StoredObject stored = (await store.OpenAsync(Id("key"), Cancellation))!;
        byte[] buffer = new byte[200];
        foreach (int offset in (int[])[0, 5, Block - 10, Block, (2 * Block) + 50])
        {
            int read = await stored.ReadAsync(offset, buffer, Cancellation);
            Assert.InRange(read, 1, 200);
            Assert.Equal(content.AsSpan(offset, read), buffer.AsSpan(0, read));
        }
        Assert.Equal(0, await stored.ReadAsync(content.Length, buffer, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => stored.ReadAsync(content.Length + 1, buffer, Cancellation).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => stored.ReadAsync(-1, buffer, Cancellation).AsTask());
    }

    [Fact]
    public async Task An_upload_without_a_commit_leaves_nothing()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await using (IncomingObject incoming = store.Receive("key"))
        {
            await incoming.WriteAsync(Content(1, Block + 1), Cancellation);
            Assert.NotEmpty(_disk.Files("/incoming/"));
            await incoming.CompleteAsync(Cancellation);
            Assert.Equal(SpaceBudget.BytesOnDisk(Block + 1), store.BytesOnDisk);
        }
        Assert.Empty(_disk.Files("/incoming/"));
        Assert.Empty(_disk.Files("/objects/"));
        Assert.Equal((0, 0, 0), (store.BytesOnDisk, store.Incoming, store.Index.Count));
    }

    [Fact]
    public async Task An_object_is_there_when_it_is_committed_and_not_before()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        List<ObjectEntry> changes = [];
        store.Changed += changes.Add;
        await store.PutAsync("key", [1], 1);
        await using IncomingObject incoming = store.Receive("key");
        await incoming.WriteAsync(new byte[] { 2 }, Cancellation);
        await incoming.CompleteAsync(Cancellation);
        Assert.Equal([1], await store.GetAsync("key"));
        await incoming.CommitAsync(2, Cancellation);
        Assert.Equal([2], await store.GetAsync("key"));
        Assert.Equal([EntryOf("key", [1], 1), EntryOf("key", [2], 2)], changes);
    }

    [Fact]
    public async Task A_lower_version_is_superseded_and_can_try_again_with_a_higher_stamp()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await store.PutAsync("key", [1], 10);
        await using IncomingObject incoming = store.Receive("key");
        await incoming.WriteAsync(new byte[] { 2 }, Cancellation);
        await incoming.CompleteAsync(Cancellation);
        Assert.Equal(new CommitResult.Superseded(EntryOf("key", [1], 10).Version), await incoming.CommitAsync(9, Cancellation));
        Assert.Equal([1], await store.GetAsync("key"));
        Assert.Equal(new CommitResult.Stored(EntryOf("key", [2], 11), IsNew: true), await incoming.CommitAsync(11, Cancellation));
        Assert.Equal([2], await store.GetAsync("key"));
    }

    [Fact]
    public async Task The_same_version_again_counts_as_stored_and_is_kept_once()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await store.PutAsync("key", [1], 10);
        Assert.Equal(new CommitResult.Stored(EntryOf("key", [1], 10), IsNew: false), await store.PutAsync("key", [1], 10));
        Assert.Equal(2, _disk.Files("/objects/").Count);
        Assert.Empty(_disk.Files("/incoming/"));
        Assert.Equal(SpaceBudget.BytesOnDisk(1), store.BytesOnDisk);
    }

    [Fact]
    public async Task A_superseded_version_is_removed_but_stays_readable_for_who_has_it_open()
    {
        byte[] first = Content(1, 2 * Block);
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await store.PutAsync("key", first, 1);
        await using StoredObject open = (await store.OpenAsync(Id("key"), Cancellation))!;
        await store.PutAsync("key", [2], 2);
        Assert.Equal(2, _disk.Files("/objects/").Count);
        Assert.Equal(SpaceBudget.BytesOnDisk(1), store.BytesOnDisk);
        Assert.Equal(first, await open.ReadAllAsync());
        Assert.Equal([2], await store.GetAsync("key"));
    }

    [Fact]
    public async Task A_deletion_is_remembered_and_stands_against_older_versions()
    {
        await using (ObjectStore store = await OpenStoreAsync(_disk))
        {
            await store.PutAsync("key", [1], 10);
            Assert.IsType<CommitResult.Superseded>(await store.DeleteAsync("key", 9, Cancellation));
            Assert.IsType<CommitResult.Stored>(await store.DeleteAsync("key", 10, Cancellation));
            Assert.Null(await store.GetAsync("key"));
            Assert.Single(_disk.Files("/objects/"));
            Assert.Equal(SpaceBudget.BytesOnDisk(0), store.BytesOnDisk);
        }
        await using ObjectStore again = await OpenStoreAsync(_disk);
        Assert.Equal(ObjectVersion.Tombstone(10), again.Index.VersionOf(Id("key")));
        Assert.IsType<CommitResult.Superseded>(await again.PutAsync("key", [2], 10));
        Assert.IsType<CommitResult.Stored>(await again.PutAsync("key", [2], 11));
        Assert.Equal([2], await again.GetAsync("key"));
        Assert.Equal(2, _disk.Files("/objects/").Count);
    }

    [Fact]
    public async Task Only_the_very_version_is_dropped()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await store.PutAsync("key", [1], 1);
        await store.PutAsync("key", [2], 2);
        Assert.False(await store.DropAsync(EntryOf("key", [1], 1), Cancellation));
        Assert.Equal([2], await store.GetAsync("key"));
        Assert.True(await store.DropAsync(EntryOf("key", [2], 2), Cancellation));
        Assert.Null(await store.GetAsync("key"));
        Assert.Equal((0, 0), (store.Index.Count, store.BytesOnDisk));
        Assert.Empty(_disk.Files("/objects/"));
    }

    [Fact]
    public async Task An_upload_is_used_in_order()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await using IncomingObject incoming = store.Receive("key");
        await Assert.ThrowsAsync<InvalidOperationException>(() => incoming.CommitAsync(1, Cancellation).AsTask());
        await incoming.CompleteAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => incoming.WriteAsync(new byte[1], Cancellation).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => incoming.CommitAsync(-1, Cancellation).AsTask());
        await incoming.CommitAsync(1, Cancellation);
        await incoming.DisposeAsync();
        Assert.Empty((await store.GetAsync("key"))!);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_key_that_is_empty_or_has_half_a_character_is_refused(int halves)
    {
        string key = new('\ud83d', halves);
        await using ObjectStore store = await OpenStoreAsync(_disk);
        Assert.ThrowsAny<ArgumentException>(() => store.Receive(key));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.DeleteAsync(key, 1, Cancellation).AsTask());
        Assert.Equal(0, store.Incoming);
    }

    [Fact]
    public async Task A_key_has_at_most_1024_bytes_and_may_look_like_a_path()
    {
        string longest = new('é', 512);
        await using ObjectStore store = await OpenStoreAsync(_disk);
        Assert.Throws<ArgumentException>(() => store.Receive(longest + "a"));
        foreach (string key in (string[])[longest, "../../etc/passwd", "/", "a\0b\n\"<>\u2028", "🙂"])
        {
            await store.PutAsync(key, [1], 1);
            Assert.Equal([1], await store.GetAsync(key));
        }
        Assert.All(_disk.Files("/"), path => Assert.StartsWith("/store/", path));
    }

    [Fact]
    public async Task Many_at_once_end_with_the_highest_version_of_each_key()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, _) =>
        {
            int key = number % 10;
            await store.PutAsync($"key {key}", Content(number, 100), 1 + (number / 10));
            Assert.NotNull(await store.GetAsync($"key {key}"));
        });
        for (int key = 0; key < 10; key++)
            Assert.Equal(Content(390 + key, 100), await store.GetAsync($"key {key}"));
        Assert.Equal(20, _disk.Files("/objects/").Count);
        Assert.Equal(10 * SpaceBudget.BytesOnDisk(100), store.BytesOnDisk);
    }
}
