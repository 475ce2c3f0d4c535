namespace ChordAspire.Tests.Peer;

/// <summary>Folders that a peer cannot keep its objects in: it ends with one line that says why.</summary>
[Collection(OwnPeers.Name)]
public sealed class StoreFolderTests
{
    private const string Setting = "Storage__Directory";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_that_another_peer_uses()
    {
        await using PeerProcess first = await PeerProcess.StartAsync(Cancellation);
        await AssertRefusedAsync("in use", (Setting, first.Folder));
        // The first one goes on.
        await first.WaitForOutputAsync("starts a ring", Cancellation);
        await TestObjects.AssertAllFoundAsync(first.Client, await TestObjects.PutAsync(first.Client, 3, Cancellation), Cancellation);
    }

    [Fact]
    public async Task A_folder_whose_peer_was_killed_can_be_used_at_once()
    {
        await using PeerProcess first = await PeerProcess.StartAsync(Cancellation);
        await first.WaitForOutputAsync("starts a ring", Cancellation);
        string[] keys = await TestObjects.PutAsync(first.Client, 3, Cancellation);
        first.Kill();
        await first.WaitForExitAsync(Cancellation);
        // At another address, and thus at another place on the circle: the objects are its own all the same, as it is alone.
        await using PeerProcess second = await PeerProcess.StartAsync(Cancellation, (Setting, first.Folder));
        await second.WaitForOutputAsync("starts a ring", Cancellation);
        await TestObjects.AssertAllFoundAsync(second.Client, keys, Cancellation);
    }

    [Fact]
    public async Task A_folder_of_a_ring_of_another_width()
    {
        string folder = DataFolders.New();
        await using (PeerProcess narrow = await PeerProcess.StartAsync(Cancellation, ("CHORD_ID_BITS", "8"), (Setting, folder)))
        {
            narrow.Terminate();
            await narrow.WaitForExitAsync(Cancellation);
        }
        await AssertRefusedAsync("holds objects of a ring of 8 bits, and this peer's ring has 160", (Setting, folder));
    }

    [Fact]
    public async Task A_folder_whose_mark_cannot_be_read()
    {
        string folder = DataFolders.New();
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "store.json"), "{", Cancellation);
        await AssertRefusedAsync("cannot be read", (Setting, folder));
    }

    [Fact]
    public async Task A_folder_below_a_file()
    {
        string file = DataFolders.New();
        await File.WriteAllTextAsync(file, "", Cancellation);
        await AssertRefusedAsync(file, (Setting, Path.Combine(file, "store")));
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_folder()
    {
        string file = DataFolders.New();
        await File.WriteAllTextAsync(file, "", Cancellation);
        await AssertRefusedAsync(file, (Setting, file));
    }

    [Fact]
    public async Task A_folder_that_nobody_may_write_to() => await AssertRefusedAsync("/proc/store", (Setting, "/proc/store"));

    private static async Task AssertRefusedAsync(string reason, (string Name, string Value) folder)
    {
        await using PeerProcess peer = PeerProcess.Launch(PeerProcess.FreePort(), PeerProcess.FreePort(), folder);
        Assert.Equal(1, await peer.WaitForExitAsync(Cancellation));
        string line = Assert.Single(peer.Output.Split('\n'), line => line.Contains("Cannot store objects in", StringComparison.Ordinal));
        Assert.Contains(folder.Value, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Contains("Storage:Directory", line, StringComparison.Ordinal);
        Assert.DoesNotContain("listens on", peer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", peer.Output, StringComparison.Ordinal);
    }
}
