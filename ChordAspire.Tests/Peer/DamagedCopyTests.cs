using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Tests.Peer;

/// <summary>Disks that rot: no wrong byte is ever read, and what is damaged is made again from another copy.</summary>
[Collection(OwnPeers.Name)]
public sealed class DamagedCopyTests
{
    private const int Bits = ObjectPlace.Bits;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 3_000, 1_500)]
    [InlineData(0, 700_000, 699_999)]
    [InlineData(1, 700_000, 300_000)]
    public async Task A_copy_with_a_bit_turned_over_is_set_aside_and_made_again(int holder, int size, int at)
    {
        // The scrub would take ten minutes to come round to it at a replica, whom nobody reads from.
        await using SmallRing ring = await SmallRing.StartAsync(3, Cancellation, ("Storage__ScrubPause", "00:00:01"));
        byte[] content = ObjectCalls.Content(seed: at, size);
        PeerProcess owner = await ring.OwnerOfAsync("rotten", Cancellation);
        await owner.PutStreamAsync("rotten", content, Cancellation);
        PeerProcess damaged = (await ring.HoldersOfAsync("rotten", Cancellation))[holder];

        StoredFiles.Damage(damaged, "rotten", Bits, at);
        for (int i = 0; i < 5; i++)
            Assert.Equal(content, await ring.GetPatientlyAsync("rotten", Cancellation));
        await Patience.UntilAsync(
            "the damaged copy is set aside and made again",
            () => Task.FromResult(
                Directory.EnumerateFiles(Path.Combine(damaged.Folder, "damaged")).Any() && StoredFiles.Holds(damaged, "rotten", Bits, content)),
            () => ring.Outputs,
            Cancellation);
        Assert.Contains("is damaged and was set aside", damaged.Output, StringComparison.Ordinal);
        Assert.Equal(content, await owner.GetAsync("rotten", Cancellation));
    }

    [Fact]
    public async Task While_damaged_copies_are_set_aside_no_reader_is_told_that_there_is_nothing()
    {
        const int Objects = 60;
        await using SmallRing ring = await SmallRing.StartAsync(3, Cancellation, ("Storage__ScrubBytesPerSecond", "0"));
        string[] keys = await TestObjects.PutAsync(ring[0].Client, Objects, Cancellation);
        PeerProcess[] owners = await Task.WhenAll(keys.Select(key => ring.OwnerOfAsync(key, Cancellation)));
        for (int i = 0; i < Objects; i++)
            StoredFiles.Damage(owners[i], keys[i], Bits, at: 3);

        await Parallel.ForAsync(0, 8 * Objects, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (i, _) =>
        {
            int which = i / 8;
            byte[]? content = [];
            try
            {
                content = await owners[which].GetAsync(keys[which], Cancellation);
            }
            catch (RpcException again) when (again.StatusCode == StatusCode.Unavailable)
            {
                return;
            }
            Assert.True(TestObjects.ContentOf(keys[which]).AsSpan().SequenceEqual(content), $"{keys[which]}: {(content is null ? "there is none" : "wrong bytes")}");
        });
        await TestObjects.WaitUntilAllFoundAsync(ring, keys, Cancellation);
    }
}
