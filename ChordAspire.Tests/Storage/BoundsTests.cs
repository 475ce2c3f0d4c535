using ChordAspire.Peer;
using ChordAspire.Protocol;
using Microsoft.Extensions.Time.Testing;
using static ChordAspire.Tests.Storage.Objects;

namespace ChordAspire.Tests.Storage;

/// <summary>What the store refuses, and that a refusal leaves nothing.</summary>
public sealed class BoundsTests
{
    private readonly MemoryDisk _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_quota_is_kept_while_bytes_arrive()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, Options with { QuotaBytes = 1 << 20 });
        await store.PutAsync("kept", Content(1, 1000), 1);
        StorageRefusedException refused = await RefusedAsync(store, size: 2 << 20);
        Assert.Equal((ObjectStoreOptions.QuotaSetting, 1 << 20), (refused.Setting, refused.Limit));
        Assert.Contains($"{1 << 20} (Storage:QuotaBytes)", refused.Message);
        AssertOnlyKept(store);
    }

    [Fact]
    public async Task Uploads_under_way_count_against_the_quota()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, Options with { QuotaBytes = 600_000 });
        await using IncomingObject first = store.Receive("first");
        await first.WriteAsync(Content(1, 400_000), Cancellation);
        await RefusedAsync(store, size: 300_000);
        await first.DisposeAsync();
        await store.PutAsync("second", Content(2, 300_000), 1);
    }

    [Fact]
    public async Task A_full_store_takes_deletions_and_has_room_again()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, Options with { QuotaBytes = SpaceBudget.BytesOnDisk(1000) });
        await store.PutAsync("key", Content(1, 1000), 1);
        await RefusedAsync(store, size: 1);
        await store.DeleteAsync("key", 2, Cancellation);
        Assert.Equal(SpaceBudget.BytesOnDisk(0), store.BytesOnDisk);
    }

    [Fact]
    public async Task So_much_of_the_disk_stays_free()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, Options with { FreeSpaceFloorBytes = 5_000_000 });
        await store.PutAsync("kept", Content(1, 1000), 1);
        _disk.Free = 5_000_000 + (2 * Block);
        _disk.Fault = (operation, _) => _disk.Free -= operation == DiskOperation.Write ? Block : 0;
        StorageRefusedException refused = await RefusedAsync(store, size: 4 * Block);
        Assert.Equal((ObjectStoreOptions.FreeSpaceFloorSetting, 5_000_000, 5_000_000), (refused.Setting, refused.Limit, refused.Held));
        AssertOnlyKept(store);
    }

    [Theory]
    [InlineData(DiskOperation.Create)]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.Flush)]
    [InlineData(DiskOperation.Rename)]
    [InlineData(DiskOperation.FlushFolder)]
    public async Task A_disk_that_is_full_in_the_middle_refuses_and_leaves_nothing(DiskOperation full)
    {
        // At each operation of the kind in turn: the content's, the sidecar's.
        int done = 0;
        for (int at = 1; ; at++)
        {
            var disk = new MemoryDisk();
            await using ObjectStore store = await OpenStoreAsync(disk);
            await store.PutAsync("kept", Content(1, 1000), 1);
            int seen = 0;
            disk.Fault = (operation, _) =>
            {
                if (operation == full && ++seen == at)
                    throw new IOException("No space left on device", 28);
            };
            StorageRefusedException? refused = await TryPutAsync(store, "refused", Content(2, Block + 1000));
            if (refused is null)
                break;
            done++;
            Assert.Equal(ObjectStoreOptions.FreeSpaceFloorSetting, refused.Setting);
            Assert.Equal(2, disk.Files("/objects/").Count);
            Assert.Empty(disk.Files("/incoming/"));
            Assert.Equal(SpaceBudget.BytesOnDisk(1000), store.BytesOnDisk);
            Assert.Equal(Content(1, 1000), await store.GetAsync("kept"));
            Assert.Null(await store.GetAsync("refused"));
        }
        Assert.InRange(done, 1, 4);
    }

    [Fact]
    public async Task Half_open_uploads_are_bounded()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, Options with { MaxIncoming = 2 });
        await using IncomingObject first = store.Receive("a");
        await using IncomingObject second = store.Receive("b");
        StorageRefusedException refused = Assert.Throws<StorageRefusedException>(() => store.Receive("c"));
        Assert.Equal((ObjectStoreOptions.MaxIncomingSetting, 2), (refused.Setting, refused.Limit));
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using IncomingObject third = store.Receive("c");
        Assert.Throws<StorageRefusedException>(() => store.Receive("d"));
    }

    [Fact]
    public async Task A_folder_is_used_by_one_process()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await Assert.ThrowsAsync<ObjectStoreException>(() => OpenStoreAsync(_disk));
    }

    [Fact]
    public async Task A_ring_of_another_width_is_refused_by_name()
    {
        await (await OpenStoreAsync(_disk)).DisposeAsync();
        ObjectStoreException refused = await Assert.ThrowsAsync<ObjectStoreException>(() => OpenStoreAsync(_disk, Options with { RingBits = 24 }));
        Assert.Contains("a ring of 160 bits, and this peer's ring has 24", refused.Message);
        // And has let the folder go.
        await (await OpenStoreAsync(_disk)).DisposeAsync();
    }

    [Theory]
    [InlineData("{\"format\":2,\"ringBits\":160}", "has format 2, and this program knows format 1")]
    [InlineData("half a f", "cannot be read")]
    public async Task A_folder_of_another_format_is_refused(string mark, string message)
    {
        await (await OpenStoreAsync(_disk)).DisposeAsync();
        _disk.Rot("/store/store.json", _ => System.Text.Encoding.UTF8.GetBytes(mark));
        Assert.Contains(message, (await Assert.ThrowsAsync<ObjectStoreException>(() => OpenStoreAsync(_disk))).Message);
    }

    [Fact]
    public async Task In_a_narrow_ring_objects_lie_by_their_places()
    {
        ObjectStoreOptions narrow = Options with { RingBits = 6 };
        await using ObjectStore store = await OpenStoreAsync(_disk, narrow, new FakeTimeProvider(Now));
        await store.PutAsync("key", [1], 1);
        await using StoredObject? stored = await store.OpenAsync(ObjectPlace.IdOf("key", 6), Cancellation);
        Assert.Equal("key", stored!.Key);
    }

    private static async Task<StorageRefusedException> RefusedAsync(ObjectStore store, int size) =>
        (await TryPutAsync(store, "refused", Content(9, size)))!;

    private static async Task<StorageRefusedException?> TryPutAsync(ObjectStore store, string key, byte[] content)
    {
        try
        {
            await using IncomingObject incoming = store.Receive(key);
            foreach (byte[] chunk in content.Chunk(100_000))
                await incoming.WriteAsync(chunk, Cancellation);
            await incoming.CompleteAsync(Cancellation);
            await incoming.CommitAsync(1, Cancellation);
            return null;
        }
        catch (StorageRefusedException refused)
        {
            return refused;
        }
    }

    private void AssertOnlyKept(ObjectStore store)
    {
        Assert.Equal(2, _disk.Files("/objects/").Count);
        Assert.Empty(_disk.Files("/incoming/"));
        Assert.Equal((SpaceBudget.BytesOnDisk(1000), 0, 1), (store.BytesOnDisk, store.Incoming, store.Index.Count));
    }
}
