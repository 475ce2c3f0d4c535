using ChordAspire.Peer;
using ChordAspire.Protocol;
using static ChordAspire.Tests.Storage.Objects;

namespace ChordAspire.Tests.Storage;

/// <summary>Listing by key, and the catalogue behind it.</summary>
public sealed class ListingTests
{
    private readonly MemoryDisk _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_come_in_ordinal_order_with_their_prefix_and_behind_the_last()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        string[] keys = ["b/2", "a", "b/10", "é", "b/1", "B", "b", "\ue000", "🙂", "b0"];
        foreach (string key in keys)
            await store.PutAsync(key, [1], 1);
        Assert.Equal(["B", "a", "b", "b/1", "b/10", "b/2", "b0", "é", "🙂", "\ue000"], await store.KeysAsync());
        Assert.Equal(["b/1", "b/10", "b/2"], await store.KeysAsync("b/"));
        Assert.Equal(["b/10", "b/2"], await store.KeysAsync("b/", after: "b/1"));
        Assert.Equal(["b/1", "b/10", "b/2"], await store.KeysAsync("b/", after: "a"));
        Assert.Empty(await store.KeysAsync("b/", after: "c"));
        Assert.Empty(await store.KeysAsync("none"));
    }

    [Fact]
    public async Task Only_objects_on_the_arc_are_listed_and_no_deleted_ones()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        string[] keys = [.. Enumerable.Range(0, 50).Select(number => $"key {number:00}")];
        foreach (string key in keys)
            await store.PutAsync(key, [1], 1);
        await store.DeleteAsync("key 07", 2, Cancellation);
        var arc = new Arc(Id("key 10"), Id("key 20"));
        Assert.Equal(keys.Where(key => key != "key 07" && arc.Contains(Id(key))), await store.KeysAsync(places: arc));
        Assert.Equal(49, (await store.KeysAsync()).Count);
    }

    [Fact]
    public async Task The_listing_follows_what_is_stored_deleted_and_dropped()
    {
        await using ObjectStore store = await OpenStoreAsync(_disk);
        await store.PutAsync("a", [1], 1);
        await store.PutAsync("b", [1], 1);
        Assert.Equal(["a", "b"], await store.KeysAsync());
        await store.PutAsync("c", [1], 1);
        await store.DeleteAsync("a", 2, Cancellation);
        await store.DropAsync(EntryOf("b", [1], 1), Cancellation);
        Assert.Equal(["c"], await store.KeysAsync());
        await store.PutAsync("a", [1], 3);
        Assert.Equal(["a", "c"], await store.KeysAsync());
    }

    [Fact]
    public async Task The_keys_of_a_restarted_store_are_read_from_its_sidecars()
    {
        string[] keys = [.. Enumerable.Range(0, 3000).Select(number => $"folder/file {number:0000}")];
        await using (ObjectStore store = await OpenStoreAsync(_disk))
        {
            await Parallel.ForEachAsync(keys, Cancellation, async (key, _) => await store.PutAsync(key, [1], 1));
        }
        await using ObjectStore again = await OpenStoreAsync(_disk);
        Assert.Equal(keys, await again.KeysAsync());
        // While it is listed it may change; what is there all the time is listed once.
        List<string> listed = [];
        await foreach (ListedObject found in again.ListAsync("", null, null, Cancellation))
        {
            listed.Add(found.Key);
            if (listed.Count % 100 == 0)
                await again.PutAsync($"folder/file {listed.Count:0000} and more", [1], 1);
        }
        Assert.Equal(keys, listed.Where(key => !key.EndsWith("more", StringComparison.Ordinal)));
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task Keys_stored_while_the_catalogue_is_filled_are_in_it()
    {
        await using (ObjectStore store = await OpenStoreAsync(_disk))
        {
            await Parallel.ForAsync(0, 1000, Cancellation, async (number, _) => await store.PutAsync($"old {number:0000}", [1], 1));
        }
        await using ObjectStore again = await OpenStoreAsync(_disk);
        Task<List<string>> listing = again.KeysAsync();
        await Parallel.ForAsync(0, 300, Cancellation, async (number, _) =>
        {
            await again.PutAsync($"new {number:0000}", [1], 1);
            await again.DeleteAsync($"old {number:0000}", 2, Cancellation);
        });
        await listing;
        List<string> keys = await again.KeysAsync();
        Assert.Equal(1000, keys.Count);
        Assert.Equal(300, keys.Count(key => key.StartsWith("new", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_catalogue_agrees_with_a_sorted_set(int seed)
    {
        var random = new Random(seed);
        var held = new SortedSet<string>(StringComparer.Ordinal);
        var catalogue = new KeyCatalogue(held.Contains);
        for (int step = 0; step < 60; step++)
        {
            List<string> changed = [];
            for (int i = random.Next(200); i >= 0; i--)
            {
                string key = new string('x', random.Next(4) == 0 ? random.Next(300) : 0) + random.Next(3000);
                changed.Add(key);
                if (random.Next(3) == 0)
                    held.Remove(key);
                else
                    held.Add(key);
            }
            catalogue.Reconcile(changed);
            Assert.Equal(held.Count, catalogue.Count);
        }
        List<string> all = [];
        for (List<string> page = catalogue.PageFrom("", included: true); page.Count > 0; page = catalogue.PageFrom(page[^1], included: false))
            all.AddRange(page);
        Assert.Equal(held, all);
        string from = all[all.Count / 3];
        Assert.Equal(from, catalogue.PageFrom(from, included: true)[0]);
        Assert.Equal(all[(all.Count / 3) + 1], catalogue.PageFrom(from, included: false)[0]);
    }
}
