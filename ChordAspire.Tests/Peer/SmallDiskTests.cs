using ChordAspire.Rpc;
using Grpc.Core;

namespace ChordAspire.Tests.Peer;

/// <summary>A peer whose objects lie on a small file system, until that is full and after.</summary>
[Collection(OwnPeers.Name)]
public sealed class SmallDiskTests(ITestOutputHelper output)
{
    private const int Mebibytes = 24;
    private const int Large = 3 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(64 << 10)]
    [InlineData(4 << 20)]
    public async Task A_full_disk_refuses_puts_by_name_keeps_what_it_has_and_takes_more_once_something_is_deleted(int floor)
    {
        await using SmallDisk disk = SmallDisk.Create(Mebibytes);
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, disk.Settings(Mebibytes, floor));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        Dictionary<string, byte[]> stored = await FillAsync(peer, disk);
        output.WriteLine($"{(disk.IsReal ? "file system" : "quota")} of {Mebibytes} MiB, floor {floor}: {stored.Count} objects, {stored.Values.Sum(content => content.Length)} bytes");
        await AssertReadAsync(peer, stored);

        foreach (string key in new[] { $"{Large} bytes, 0", $"{Large} bytes, 1" })
        {
            Assert.True((await peer.Client.DeleteAsync(key, Cancellation)).Found);
            stored.Remove(key);
        }
        byte[] again = ObjectCalls.Content(seed: 100, Large);
        Assert.Null(await RefusalOfAsync(peer, "again", again));
        stored.Add("again", again);
        await AssertReadAsync(peer, stored);

        peer.Kill();
        await peer.WaitForExitAsync(Cancellation);
        await using PeerProcess restarted = await peer.RestartAsync(Cancellation);
        await restarted.WaitForOutputAsync("starts a ring", Cancellation);
        await AssertReadAsync(restarted, stored);
        Assert.DoesNotContain("   at ", restarted.Output + peer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_of_which_nothing_is_to_stay_free_may_be_too_full_for_a_deletion_and_loses_nothing()
    {
        await using SmallDisk disk = SmallDisk.Create(Mebibytes);
        Assert.SkipUnless(disk.IsReal, "Deletions do not count against a quota; this machine lets nobody mount a file system.");
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, disk.Settings(Mebibytes, floor: 0));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        Dictionary<string, byte[]> stored = await FillAsync(peer, disk);

        AssertNames(await Assert.ThrowsAsync<RefusedException>(() => peer.Client.DeleteAsync($"{Large} bytes, 0", Cancellation)), disk);
        await StoredFiles.WaitUntilNothingUnderWayAsync([peer], Cancellation);
        await AssertReadAsync(peer, stored);
    }

    /// <summary>Stores large objects until one is refused, then smaller ones in what is left, down to a single byte; what was stored.</summary>
    private static async Task<Dictionary<string, byte[]>> FillAsync(PeerProcess peer, SmallDisk disk)
    {
        var stored = new Dictionary<string, byte[]>();
        foreach (int size in new[] { Large, 300_000, 60_000, 5_000, 1 })
        {
            RefusedException? refused = null;
            for (int i = 0; refused is null; i++)
            {
                string key = $"{size} bytes, {i}";
                byte[] content = ObjectCalls.Content(seed: i, size);
                refused = await RefusalOfAsync(peer, key, content);
                if (refused is null)
                    stored.Add(key, content);
                else
                    Assert.Null(await peer.GetAsync(key, Cancellation));
            }
            AssertNames(refused, disk);
            // Nothing is left of what was refused.
            await StoredFiles.WaitUntilNothingUnderWayAsync([peer], Cancellation);
            Assert.Equal(stored.Count, (await peer.DescribeAsync(Cancellation)).ObjectsHeld);
            Assert.Equal(stored.Count, StoredFiles.All(peer).Count);
        }
        Assert.InRange(stored.Values.Count(content => content.Length == Large), 6, 8);
        return stored;
    }

    /// <summary>Null: it was stored.</summary>
    private static async Task<RefusedException?> RefusalOfAsync(PeerProcess peer, string key, byte[] content)
    {
        try
        {
            using var source = new MemoryStream(content);
            await peer.Client.PutAsync(key, source, Cancellation);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused;
        }
    }

    private static void AssertNames(RefusedException refused, SmallDisk disk)
    {
        Assert.Equal(Refusal.Exhausted, refused.Reason);
        Assert.Equal(StatusCode.ResourceExhausted, Assert.IsType<RpcException>(refused.InnerException).StatusCode);
        Assert.Contains(disk.IsReal ? "Storage:FreeSpaceFloorBytes" : "Storage:QuotaBytes", refused.Message, StringComparison.Ordinal);
    }

    private static async Task AssertReadAsync(PeerProcess peer, Dictionary<string, byte[]> stored)
    {
        foreach ((string key, byte[] content) in stored)
            Assert.Equal(content, await peer.GetAsync(key, Cancellation));
    }
}
