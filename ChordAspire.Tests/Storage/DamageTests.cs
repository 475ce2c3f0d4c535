using System.Text;
using ChordAspire.Peer;
using Microsoft.Extensions.Time.Testing;
using static ChordAspire.Tests.Storage.Objects;

namespace ChordAspire.Tests.Storage;

/// <summary>Bytes that rot, files that vanish, disks that do not read: nothing wrong is ever served.</summary>
public sealed class DamageTests
{
    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _time = new(Now);
    private readonly List<DamagedObjectException> _setAside = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Sizes => [1, 1000, 20_000, Block, (2 * Block) + 9];

    [Theory, MemberData(nameof(Sizes))]
    public async Task A_flipped_bit_anywhere_is_found_before_its_block_is_handed_out(int size)
    {
        foreach (int at in (int[])[0, size / 2, size - 1])
        {
            var disk = new MemoryDisk();
            await using ObjectStore store = await OpenAsync(disk, size);
            disk.Rot(ContentOf(disk), bytes => Flipped(bytes, at));
            await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
            await AssertSetAsideAsync(disk, store);
        }
    }

    [Fact]
    public async Task The_blocks_before_the_damage_may_still_be_read()
    {
        await using ObjectStore store = await OpenAsync(_disk, 2 * Block);
        _disk.Rot(ContentOf(_disk), bytes => Flipped(bytes, Block + 1));
        await using StoredObject stored = (await store.OpenAsync(Id("key"), Cancellation))!;
        byte[] buffer = new byte[Block];
        Assert.Equal(Block, await stored.ReadAsync(0, buffer, Cancellation));
        Assert.Equal(Content(1, 2 * Block)[..Block], buffer);
        await Assert.ThrowsAsync<DamagedObjectException>(() => stored.ReadAsync(Block, buffer, Cancellation).AsTask());
        await AssertSetAsideAsync(_disk, store);
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task A_content_that_was_cut_short_or_grew_is_damaged(int size)
    {
        foreach (Func<byte[], byte[]> change in (Func<byte[], byte[]>[])[bytes => bytes[..^1], bytes => [.. bytes, 0], _ => []])
        {
            var disk = new MemoryDisk();
            await using ObjectStore store = await OpenAsync(disk, size);
            disk.Rot(ContentOf(disk), change);
            await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
            await AssertSetAsideAsync(disk, store);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"key\":\"other\"}")]
    [InlineData("{\"key\":null,\"blocks\":null}")]
    public async Task A_sidecar_that_is_not_what_was_written_is_damage(string sidecar)
    {
        await using ObjectStore store = await OpenAsync(_disk, Block);
        _disk.Rot(ContentOf(_disk) + ".json", _ => Encoding.UTF8.GetBytes(sidecar));
        await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
        await AssertSetAsideAsync(_disk, store);
    }

    [Fact]
    public async Task Any_flipped_bit_of_a_sidecar_serves_the_right_bytes_or_none()
    {
        byte[] content = Content(1, 20_000);
        await using ObjectStore store = await OpenAsync(_disk, content.Length);
        string path = ContentOf(_disk) + ".json";
        byte[] sidecar = _disk.BytesOf(path);
        int damaged = 0;
        for (int bit = 0; bit < 8 * sidecar.Length; bit += 3)
        {
            byte[] flipped = [.. sidecar];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            _disk.Rot(path, _ => flipped);
            try
            {
                Assert.Equal(content, await store.GetAsync("key"));
            }
            catch (DamagedObjectException)
            {
                damaged++;
                await store.PutAsync("key", content, 1);
            }
            _disk.Rot(path, _ => sidecar);
        }
        Assert.InRange(damaged, sidecar.Length, 8 * sidecar.Length / 3);
    }

    [Theory]
    [InlineData(DiskOperation.Open)]
    [InlineData(DiskOperation.Read)]
    public async Task A_disk_that_cannot_read_the_object_counts_as_damage(DiskOperation broken)
    {
        await using ObjectStore store = await OpenAsync(_disk, 1000);
        _disk.Fault = (operation, _) => ThrowIf(operation == broken, new IOException("Input/output error", 5));
        await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
        _disk.Fault = null;
        await AssertSetAsideAsync(_disk, store);
    }

    [Fact]
    public async Task A_peer_without_file_handles_left_blames_no_object()
    {
        await using ObjectStore store = await OpenAsync(_disk, 1000);
        _disk.Fault = (operation, _) => ThrowIf(operation == DiskOperation.Open, new IOException("Too many open files", 24));
        Assert.Equal(24, (await Assert.ThrowsAsync<IOException>(() => store.GetAsync("key"))).HResult);
        _disk.Fault = null;
        Assert.Equal(Content(1, 1000), await store.GetAsync("key"));
        Assert.Empty(_setAside);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".json")]
    public async Task A_missing_file_is_damage_at_run_time_and_absence_at_the_next_start(string ending)
    {
        await using (ObjectStore store = await OpenAsync(_disk, 20_000))
        {
            _disk.Delete(ContentOf(_disk) + ending);
            MemoryDisk restarted = _disk.PowerOn(Survival.Everything, 0);
            await using (ObjectStore other = await OpenStoreAsync(restarted))
                Assert.Equal(0, other.Index.Count);
            Assert.Empty(restarted.Files("/objects/"));
            await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
            Assert.Null(await store.GetAsync("key"));
            Assert.Single(_setAside);
        }
        Assert.Empty(_disk.Files("/objects/"));
    }

    [Fact]
    public async Task What_was_set_aside_is_replaced_by_a_good_copy_of_the_same_version()
    {
        await using ObjectStore store = await OpenAsync(_disk, 1000);
        _disk.Rot(ContentOf(_disk), bytes => Flipped(bytes, 5));
        await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
        Assert.Equal(new CommitResult.Stored(EntryOf("key", Content(1, 1000), 1), IsNew: true), await store.PutAsync("key", Content(1, 1000), 1));
        Assert.Equal(Content(1, 1000), await store.GetAsync("key"));
    }

    [Fact]
    public async Task Only_the_newest_few_damaged_objects_are_kept()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, time: _time);
        for (int number = 0; number < DamagedFolder.KeptMax + 5; number++)
        {
            await store.PutAsync("key", Content(number, 10), number);
            _disk.Rot(ContentOf(_disk), bytes => Flipped(bytes, 5));
            await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(2 * DamagedFolder.KeptMax, _disk.Files("/damaged/").Count);
        Assert.Equal(0, store.BytesOnDisk);
    }

    [Theory]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.Flush)]
    [InlineData(DiskOperation.Rename)]
    [InlineData(DiskOperation.FlushFolder)]
    public async Task A_write_that_fails_is_not_acknowledged_and_the_older_version_stays(DiskOperation broken)
    {
        await using ObjectStore store = await OpenAsync(_disk, 1000);
        _disk.Fault = (operation, _) => ThrowIf(operation == broken, new IOException("Input/output error", 5));
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync("key", Content(2, 1000), 2));
        _disk.Fault = null;
        Assert.Equal(Content(1, 1000), await store.GetAsync("key"));
        Assert.Equal(new CommitResult.Stored(EntryOf("key", Content(3, 1000), 3), IsNew: true), await store.PutAsync("key", Content(3, 1000), 3));
    }

    private async Task<ObjectStore> OpenAsync(MemoryDisk disk, int size)
    {
        ObjectStore store = await OpenStoreAsync(disk, time: _time);
        store.SetAside += _setAside.Add;
        await store.PutAsync("key", Content(1, size), 1);
        _setAside.Clear();
        return store;
    }

    private async Task AssertSetAsideAsync(MemoryDisk disk, ObjectStore store)
    {
        Assert.Equal("key damaged", _setAside is [{ } damage] && damage.Entry.Id == Id("key") ? "key damaged" : $"{_setAside.Count} set aside");
        Assert.Null(await store.GetAsync("key"));
        Assert.Equal((0, 1, 0), (store.Index.Count, store.DamagedObjects, store.BytesOnDisk));
        Assert.Empty(disk.Files("/objects/"));
        Assert.Equal(2, disk.Files("/damaged/").Count);
    }

    private static string ContentOf(MemoryDisk disk) => disk.Files("/objects/").Single(path => !path.EndsWith(".json", StringComparison.Ordinal));

    private static byte[] Flipped(byte[] bytes, int at)
    {
        bytes[at] ^= 0x10;
        return bytes;
    }

    private static void ThrowIf(bool condition, IOException error)
    {
        if (condition)
            throw error;
    }
}
