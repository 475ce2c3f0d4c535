using System.Text;
using ChordAspire.Peer;
using ChordAspire.Protocol;
using static ChordAspire.Tests.Storage.Objects;

namespace ChordAspire.Tests.Storage;

/// <summary>
/// The power goes at every single operation on the disk in turn. Whatever the disk then keeps of what was not flushed, the store opens again; what was
/// acknowledged is there, and what was not is there as a whole or not at all.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Survival, int> Ends
    {
        get
        {
            TheoryData<Survival, int> ends = new() { { Survival.Everything, 0 }, { Survival.FlushedOnly, 0 } };
            for (int seed = 1; seed <= 6; seed++)
                ends.Add(Survival.ByChance, seed);
            return ends;
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_half_there(Survival survival, int seed)
    {
        int crashes = 0;
        for (int last = 0; ; last++, crashes++)
        {
            var disk = new MemoryDisk { PowerEndsAt = last };
            var history = new History();
            await RunAsync(disk, history);
            if (!disk.IsWithoutPower)
                break;
            // The next start may meet a power loss as well.
            MemoryDisk after = disk.PowerOn(survival, seed + last);
            after.PowerEndsAt = last % 7 * 3;
            await RunAsync(after, new History(), onlyOpen: true);
            await CheckAsync(after.PowerOn(survival, seed), history, $"after operation {last}");
        }
        output.WriteLine($"{crashes} crashes");
        Assert.InRange(crashes, 60, 1000);
    }

    /// <summary>A bit of everything that changes the disk.</summary>
    private static async Task RunAsync(MemoryDisk disk, History history, bool onlyOpen = false)
    {
        try
        {
            await using ObjectStore store = await OpenStoreAsync(disk);
            if (onlyOpen)
                return;
            await PutAsync(store, history, "small", Content(1, 100), 1);
            await PutAsync(store, history, "large", Content(2, (2 * Block) + 5), 1);
            await PutAsync(store, history, "small", Content(3, 200), 2);
            await DeleteAsync(store, history, "large", 2);
            await PutAsync(store, history, "small", Content(4, 0), 3);
            await PutAsync(store, history, "large", Content(5, Block), 3);
            await DeleteAsync(store, history, "small", 3);
            await DeleteAsync(store, history, "never there", 1);
            await PutAsync(store, history, "other", Content(6, 10), 1);
            await PutAsync(store, history, "other", Content(7, 10), 2);
            history.Dropped = true;
            await store.DropAsync(EntryOf("other", Content(7, 10), 2), Cancellation);
        }
        catch (IOException)
        {
            Assert.True(disk.IsWithoutPower);
        }
    }

    private static async Task PutAsync(ObjectStore store, History history, string key, byte[] content, long stamp)
    {
        history.Begin(EntryOf(key, content, stamp), content);
        Assert.IsType<CommitResult.Stored>(await store.PutAsync(key, content, stamp));
        history.Acknowledge(EntryOf(key, content, stamp));
    }

    private static async Task DeleteAsync(ObjectStore store, History history, string key, long stamp)
    {
        var entry = new ObjectEntry(Id(key), ObjectVersion.Tombstone(stamp), 0);
        history.Begin(entry, content: null);
        Assert.IsType<CommitResult.Stored>(await store.DeleteAsync(key, stamp, Cancellation));
        history.Acknowledge(entry);
    }

    private static async Task CheckAsync(MemoryDisk disk, History history, string when)
    {
        await using ObjectStore store = await OpenStoreAsync(disk);
        List<ObjectEntry> damaged = [];
        store.SetAside += damage => damaged.Add(damage.Entry);
        foreach (string key in (string[])["small", "large", "never there", "other"])
        {
            Identifier id = Id(key);
            ObjectVersion? held = store.Index.VersionOf(id);
            ObjectVersion? acknowledged = history.Acknowledged(id);
            bool mayBeGone = key == "other" && history.Dropped;
            Assert.True(held >= acknowledged || acknowledged is null || (mayBeGone && held is null), $"{key} {when}: {held}, acknowledged {acknowledged}");
            if (held is not { } version)
                continue;
            Assert.True(history.Contents.TryGetValue((id, version), out byte[]? content), $"{key} {when}: nobody wrote {version}");
            byte[]? read = await store.GetAsync(key);
            Assert.True(content is null ? read is null : content.AsSpan().SequenceEqual(read), $"{key} {when}");
        }
        Assert.Empty(damaged);
        Assert.Empty(disk.Files("/damaged/"));
        Assert.Empty(disk.Files("/incoming/"));
        int files = store.Index.All.Sum(entry => entry.Version.Deleted ? 1 : 2);
        Assert.Equal(files, disk.Files("/objects/").Count);
        Assert.Contains("sha256sum", Encoding.UTF8.GetString(disk.BytesOf("/store/README.txt")));
        // And it works.
        Assert.IsType<CommitResult.Stored>(await store.PutAsync("small", [9], 99));
        Assert.Equal([9], await store.GetAsync("small"));
    }

    private sealed class History
    {
        private readonly Dictionary<Identifier, ObjectVersion> _acknowledged = [];

        public Dictionary<(Identifier, ObjectVersion), byte[]?> Contents { get; } = [];

        public bool Dropped { get; set; }

        public void Begin(ObjectEntry entry, byte[]? content) => Contents[(entry.Id, entry.Version)] = content;

        public void Acknowledge(ObjectEntry entry) => _acknowledged[entry.Id] = entry.Version;

        public ObjectVersion? Acknowledged(Identifier id) => _acknowledged.TryGetValue(id, out ObjectVersion version) ? version : null;
    }
}
