using ChordAspire.Peer;
using ChordAspire.Protocol;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.Time.Testing;
using static ChordAspire.Tests.Storage.Objects;

namespace ChordAspire.Tests.Storage;

/// <summary>The slow walk through everything held.</summary>
public sealed class ScrubTests
{
    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _time = new(Now);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private long Stamp => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_round_reads_everything_and_sets_aside_what_has_rotted()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, time: _time);
        for (int number = 0; number < 20; number++)
            await store.PutAsync($"key {number}", Content(number, number * 30_000), 1);
        IEnumerable<string> contents = _disk.Files("/objects/").Where(path => !path.EndsWith(".json", StringComparison.Ordinal));
        foreach (string path in contents.Where(path => path.Contains(".150000.", StringComparison.Ordinal) || path.Contains(".570000.", StringComparison.Ordinal)))
            _disk.Rot(path, bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        await store.Scrub.RoundAsync(Cancellation);
        Assert.Equal((2, 18, 1), (store.Scrub.Damaged, store.Scrub.Objects, store.Scrub.Rounds));
        Assert.Equal((2, 18), (store.DamagedObjects, store.Index.Count));
        Assert.Null(store.Index.VersionOf(Id("key 5")));
        Assert.Equal(4, _disk.Files("/damaged/").Count);
        Assert.InRange(store.Scrub.Bytes, store.Index.Bytes, store.Index.Bytes + (2 * Block));
        await store.Scrub.RoundAsync(Cancellation);
        Assert.Equal((2, 36), (store.Scrub.Damaged, store.Scrub.Objects));
    }

    [Fact]
    public async Task Checksums_that_hide_the_damage_do_not_deceive_it()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, time: _time);
        byte[] good = Content(1, 20_000);
        byte[] bad = Content(2, 20_000);
        await store.PutAsync("key", good, 1);
        string path = _disk.Files("/objects/")[0];
        using var hasher = new ContentHasher();
        hasher.Append(bad);
        byte[] blocks = hasher.Finish().Blocks;
        _disk.Rot(path, _ => bad);
        _disk.Rot(path + ".json", _ => new Sidecar("key", Deleted: false, 20_000, HashOf(good).ToString(), Block, blocks).ToBytes());
        await store.Scrub.RoundAsync(Cancellation);
        Assert.Equal((1, 0), (store.Scrub.Damaged, store.Index.Count));
    }

    [Fact]
    public async Task A_tombstone_ends_when_its_life_does()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, time: _time);
        await store.PutAsync("key", [1], 1);
        await store.DeleteAsync("key", Stamp, Cancellation);
        _time.Advance(Options.TombstoneLife);
        await store.Scrub.RoundAsync(Cancellation);
        Assert.Equal((0, 1), (store.Scrub.TombstonesEnded, store.Index.Count));
        _time.Advance(TimeSpan.FromSeconds(1));
        await store.Scrub.RoundAsync(Cancellation);
        Assert.Equal((1, 0, 0), (store.Scrub.TombstonesEnded, store.Index.Count, store.BytesOnDisk));
        Assert.Empty(_disk.Files("/objects/"));
    }

    [Fact]
    public async Task Before_a_tombstone_goes_what_it_deleted_is_gone_for_good()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, time: _time);
        await store.PutAsync("key", [1], 1);
        await store.DeleteAsync("key", Stamp, Cancellation);
        _time.Advance(Options.TombstoneLife * 2);
        await store.Scrub.RoundAsync(Cancellation);
        for (int seed = 0; seed < 30; seed++)
        {
            await using ObjectStore again = await OpenStoreAsync(_disk.PowerOn(Survival.ByChance, seed));
            Assert.NotEqual(EntryOf("key", [1], 1).Version, again.Index.VersionOf(Id("key")));
        }
    }

    [Fact]
    public async Task What_belongs_to_no_version_is_removed_and_what_is_not_the_stores_is_left()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk, time: _time);
        await store.PutAsync("key", [1], 2);
        string folder = Path.GetDirectoryName(_disk.Files("/objects/")[0])!;
        ObjectEntry older = EntryOf("key", [7], 1);
        string[] orphans = [Path.Combine(folder, ObjectFile.ContentName(older)), Path.Combine(folder, ObjectFile.SidecarName(older))];
        string notes = Path.Combine(folder, "notes of a person.txt");
        foreach (string path in (string[])[.. orphans, notes])
            _disk.Create(path).Dispose();
        await store.Scrub.RoundAsync(Cancellation);
        Assert.Equal(2, store.Scrub.OrphansRemoved);
        Assert.Equal(3, _disk.Files("/objects/").Count);
        Assert.Contains(notes, _disk.Files("/objects/"));
        Assert.Equal([1], await store.GetAsync("key"));
    }

    [Fact]
    public async Task It_reads_no_faster_than_it_may_and_does_not_stop_for_writers()
    {
        ObjectStoreOptions slow = Options with { ScrubBytesPerSecond = 1 << 20, ScrubPause = TimeSpan.FromMinutes(1) };
        await using ObjectStore store = await OpenStoreAsync(_disk, slow, _time);
        await store.PutAsync("key", Content(1, 4 * Block), 1);
        Assert.Equal(0, store.Scrub.Bytes);
        _time.Advance(slow.ScrubPause);
        DateTimeOffset begun = _time.GetUtcNow();
        await Patience.UntilAsync(
            "a round ended",
            async () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(50));
                await store.PutAsync("other", Content(2, 10), Stamp);
                return store.Scrub.Rounds > 0;
            },
            () => $"{store.Scrub.Bytes} bytes read",
            Cancellation);
        Assert.InRange(_time.GetUtcNow() - begun, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
        Assert.InRange(store.Scrub.Bytes, 4 * Block, (4 * Block) + 10);
    }
}
