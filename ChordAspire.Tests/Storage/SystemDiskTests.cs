using System.Security.Cryptography;
using ChordAspire.Peer;
using Microsoft.Extensions.Logging.Abstractions;
using static ChordAspire.Tests.Storage.Objects;

namespace ChordAspire.Tests.Storage;

/// <summary>On the machine's own file system: what a person finds in the folder, and what only a real disk does.</summary>
public sealed class SystemDiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chord-store-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_person_finds_an_object_by_its_key_and_checks_its_bytes()
    {
        byte[] content = Content(1, (2 * Block) + 1);
        await using (ObjectStore store = await OpenAsync())
            await store.PutAsync("a \"key\" of Zoë", content, 1234);
        string sidecar = Directory.GetFiles(PathOf("objects"), "*.json", SearchOption.AllDirectories)
            .Single(file => File.ReadAllText(file).Contains("\"key\": \"a \\\"key\\\" of Zoë\"", StringComparison.Ordinal));
        string bytes = sidecar[..^".json".Length];
        Assert.Equal(content, File.ReadAllBytes(bytes));
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.EndsWith($".1234.{content.Length}.{hash}", bytes, StringComparison.Ordinal);
        Assert.Contains(hash, File.ReadAllText(sidecar), StringComparison.Ordinal);
        Assert.Contains("incoming/", File.ReadAllText(PathOf("README.txt")), StringComparison.Ordinal);
        Assert.InRange(File.ReadAllLines(PathOf("README.txt")).Length, 5, 8);
    }

    [Fact]
    public async Task It_stores_replaces_deletes_and_lists_there_too()
    {
        await using (ObjectStore store = await OpenAsync())
        {
            await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
            {
                await store.PutAsync($"key {number % 50:00}", Content(number, 100 * number), number);
            });
            await store.PutAsync("large", Content(1, 3 * Block), 1);
            await using StoredObject open = (await store.OpenAsync(Id("large"), Cancellation))!;
            await store.DeleteAsync("large", 2, Cancellation);
            Assert.Equal(Content(1, 3 * Block), await open.ReadAllAsync());
            await using IncomingObject broken = store.Receive("broken");
            await broken.WriteAsync(Content(2, 2 * Block), Cancellation);
        }
        await using ObjectStore again = await OpenAsync();
        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"key {number:00}"), await again.KeysAsync());
        for (int number = 50; number < 100; number++)
            Assert.Equal(Content(number, 100 * number), await again.GetAsync($"key {number % 50:00}"));
        Assert.Equal(101, Directory.GetFiles(PathOf("objects"), "*", SearchOption.AllDirectories).Length);
        Assert.Empty(Directory.GetFiles(PathOf("incoming")));
    }

    [Fact]
    public async Task A_second_opener_is_told_who_has_the_folder()
    {
        await using (await OpenAsync())
        {
            ObjectStoreException refused = await Assert.ThrowsAsync<ObjectStoreException>(OpenAsync);
            Assert.Contains($"'{_folder.FullName}' is in use by process {Environment.ProcessId}", refused.Message);
        }
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_missing_content_is_set_aside_there_too()
    {
        await using ObjectStore store = await OpenAsync();
        await store.PutAsync("key", Content(1, 100), 1);
        File.Delete(Directory.GetFiles(PathOf("objects"), "*", SearchOption.AllDirectories).Single(file => !file.EndsWith(".json", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<DamagedObjectException>(() => store.GetAsync("key"));
        Assert.Single(Directory.GetFiles(PathOf("damaged")));
        await store.PutAsync("key", Content(1, 100), 1);
        Assert.Equal(Content(1, 100), await store.GetAsync("key"));
    }

    [Fact]
    public async Task A_real_disk_keeps_its_free_space_floor()
    {
        long free = new SystemDisk().FreeBytes(_folder.FullName);
        Assert.InRange(free, 1, long.MaxValue);
        await using ObjectStore store = await OpenAsync(Options with { FreeSpaceFloorBytes = long.MaxValue });
        StorageRefusedException refused = await Assert.ThrowsAsync<StorageRefusedException>(() => store.PutAsync("key", [1], 1));
        Assert.Equal(ObjectStoreOptions.FreeSpaceFloorSetting, refused.Setting);
    }

    [Fact]
    public void A_folder_that_is_not_there_cannot_be_flushed()
    {
        FolderFlush.Flush(_folder.FullName);
        Assert.Contains("missing", Assert.Throws<IOException>(() => FolderFlush.Flush(PathOf("missing"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_the_disk_takes_no_thread_of_the_pool()
    {
        await using var threads = new DiskThreads("test", max: 64);
        using var held = new ManualResetEventSlim();
        Task[] waiting = [.. Enumerable.Range(0, 64).Select(_ => threads.RunAsync(() => held.Wait(Cancellation)))];
        Task<int> behind = threads.RunAsync(() => 7);
        await Task.Run(() => { }, Cancellation);
        Assert.False(behind.IsCompleted);
        held.Set();
        await Task.WhenAll(waiting);
        Assert.Equal(7, await behind);
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync(() => throw new InvalidOperationException()));
        await threads.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => { _ = threads.RunAsync(() => 1); });
    }

    private Task<ObjectStore> OpenAsync() => OpenAsync(Options);

    private Task<ObjectStore> OpenAsync(ObjectStoreOptions options) =>
        ObjectStore.OpenAsync(options with { Directory = _folder.FullName }, TimeProvider.System, NullLogger.Instance);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
