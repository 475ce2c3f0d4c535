using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Grpc.Core;

namespace ChordAspire.Tests.Peer;

/// <summary>Objects while peers are silent, die, and come back with the folders they had.</summary>
[Collection(OwnPeers.Name)]
public sealed class LostPeerTests
{
    private const int Bits = 8;

    /// <summary>Such as fit into what the network takes on its way, such as just do not, and such as do not by far. More than may be under way at once.</summary>
    private static readonly int[] SizesOfWrites = [1_000, 1_000_000, 1_200_000, 1_400_000, 1_200_000, 1_100_000, 1_300_000, 1_200_000, 3_000_000];

    private static readonly (string, string) EightBits = ("CHORD_ID_BITS", $"{Bits}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_waits_for_a_silent_replica_no_longer_than_patience_and_the_replica_gets_its_copy_later()
    {
        // Nobody is to drop the silent one meanwhile: the write itself has to bear it.
        await using SmallRing ring = await SmallRing.StartAsync(
            3, Cancellation, ("Storage__Patience", "00:00:00.500"), ("Storage__IdleTimeout", "00:00:01"), ("Storage__MaxIncoming", "4"),
            ("Chord__CallTimeoutMin", "00:00:20"), ("Chord__CallTimeoutMax", "00:00:20"));
        byte[][] contents = [.. SizesOfWrites.Select((size, i) => ObjectCalls.Content(i, size))];
        await ring.WaitUntilReplicatedAsync(Cancellation);
        PeerProcess[] holders = await ring.HoldersOfAsync("waits", Cancellation);
        holders[2].Suspend();
        try
        {
            foreach (byte[] content in contents)
            {
                long started = TimeProvider.System.GetTimestamp();
                PutReply stored = await holders[0].PutStreamAsync("waits", content, Cancellation);
                TimeSpan took = TimeProvider.System.GetElapsedTime(started);
                Assert.Equal(2u, stored.Copies);
                Assert.True(took < TimeSpan.FromSeconds(8), $"It took {took}; patience is half a second.");
                Assert.Equal(content, await holders[0].GetAsync("waits", Cancellation));
            }
        }
        finally
        {
            holders[2].Resume();
        }
        await Patience.UntilAsync(
            "the replica has the last one",
            () => Task.FromResult(StoredFiles.Holds(holders[2], "waits", ObjectPlace.Bits, contents[^1])),
            () => ring.Outputs,
            Cancellation);
        await StoredFiles.WaitUntilNothingUnderWayAsync(ring.Peers, Cancellation);
    }

    [Fact]
    public async Task A_peer_that_comes_back_with_its_folder_uses_its_copies_and_fetches_what_it_missed()
    {
        const int Old = 200, New = 20;
        await using SmallRing ring = await SmallRing.StartAsync(["20", "90", "160", "230"], Cancellation, EightBits);
        string[] old = await TestObjects.PutAsync(ring[0].Client, Old, Cancellation, "old");
        await TestObjects.WaitUntilPlacedAsync(ring, old, Cancellation);
        await SmallRing.KillAsync(Cancellation, ring[1]);
        Dictionary<string, DateTime> before = StoredFiles.All(ring[1]);
        await ring.WaitUntilIdealAsync(Cancellation);
        string[] added = await TestObjects.PutAsync(ring[0].Client, New, Cancellation, "new");

        PeerProcess back = await ring.RestartAsync(1, Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.WaitUntilPlacedAsync(ring, [.. old, .. added], Cancellation);
        Dictionary<string, DateTime> after = StoredFiles.All(back);
        // Every file of before is the one that was written then.
        Assert.True(before.Count > Old / 2, $"{before.Count} copies");
        Assert.Equal(before, before.Keys.Where(after.ContainsKey).ToDictionary(name => name, name => after[name]));
        Assert.InRange(after.Count - before.Count, 1, New);
        await TestObjects.AssertAllFoundAsync(back.Client, [.. old, .. added], Cancellation);
    }

    [Fact]
    public async Task All_that_was_acknowledged_is_there_after_all_peers_were_killed_at_once()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["20", "90", "160", "230"], Cancellation, EightBits);
        string[] keys = await TestObjects.PutAsync(ring[0].Client, 100, Cancellation);
        byte[] large = ObjectCalls.Content(seed: 3, 2 << 20);
        await (await ring.OwnerOfAsync("large", Cancellation)).PutStreamAsync("large", large, Cancellation);
        // Killed in the middle of writing: what was acknowledged counts, and the rest may be there or not.
        var acknowledged = new List<string>();
        Task writing = WriteOnAsync();
        await Patience.UntilAsync("some writes are acknowledged", () => Task.FromResult(Count() > 20), () => ring.Outputs, Cancellation);
        await SmallRing.KillAsync(Cancellation, ring.Peers);
        await writing;

        for (int i = 0; i < ring.Peers.Count; i++)
            await ring.RestartAsync(i, Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.WaitUntilAllFoundAsync(ring, [.. keys, .. acknowledged], Cancellation);
        Assert.Equal(large, await ring.GetPatientlyAsync("large", Cancellation));

        int Count()
        {
            lock (acknowledged)
                return acknowledged.Count;
        }

        async Task WriteOnAsync()
        {
            try
            {
                for (int i = 0; ; i++)
                {
                    string[] key = await TestObjects.PutAsync(ring[2].Client, 1, Cancellation, $"late-{i}");
                    lock (acknowledged)
                        acknowledged.AddRange(key);
                }
            }
            catch (RefusedException)
            {
                // The peer is dead.
            }
        }
    }

    [Fact]
    public async Task What_was_deleted_while_a_peer_was_down_does_not_come_back_with_it()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["20", "90", "160"], Cancellation, EightBits);
        string[] keys = await TestObjects.PutAsync(ring[0].Client, 30, Cancellation);
        string[] kept = keys[..10], deleted = keys[10..];
        // Now while all are there, later while one is down.
        foreach (string key in deleted[..10])
        {
            DeleteReply reply = await (await ring.OwnerOfAsync(key, Cancellation)).Objects().DeleteAsync(new DeleteRequest { Key = key }, cancellationToken: Cancellation);
            Assert.Equal((true, 3u), (reply.Found, reply.Copies));
        }
        Assert.All(ring.Peers, peer => Assert.All(deleted[..10], key => Assert.Null(StoredFiles.Of(peer, key, Bits))));
        await SmallRing.KillAsync(Cancellation, ring[1]);
        await ring.WaitUntilIdealAsync(Cancellation);
        foreach (string key in deleted[10..])
            await DeletePatientlyAsync(ring, key);

        PeerProcess back = await ring.RestartAsync(1, Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await Patience.UntilAsync(
            "the deleted ones are gone from every disk, the others are at all three",
            () => Task.FromResult(ring.Peers.All(peer =>
                deleted.All(key => StoredFiles.Of(peer, key, Bits) is null) && kept.All(key => StoredFiles.Of(peer, key, Bits) is not null))),
            () => ring.Outputs,
            Cancellation);
        foreach (PeerProcess peer in ring.Peers)
        {
            foreach (string key in deleted)
                Assert.Null(await peer.Client.GetAsync(key, Cancellation));
        }
        await TestObjects.AssertAllFoundAsync(back.Client, kept, Cancellation);
    }

    [Fact]
    public async Task Of_two_writers_at_once_one_version_remains_the_same_everywhere()
    {
        await using SmallRing ring = await SmallRing.StartAsync(3, Cancellation);
        PeerProcess owner = await ring.OwnerOfAsync("contended", Cancellation);
        byte[][] contents = [.. Enumerable.Range(0, 12).Select(seed => ObjectCalls.Content(seed, 100_000 + (seed * 50_000)))];
        PutReply[] replies = await Task.WhenAll(contents.Select((content, i) => i % 3 == 0
            ? owner.Objects().PutAsync(new PutRequest { Key = "contended", Content = Google.Protobuf.ByteString.CopyFrom(content) }, cancellationToken: Cancellation).ResponseAsync
            : owner.PutStreamAsync("contended", content, Cancellation)));

        Assert.Equal(contents.Length, replies.Select(reply => reply.Version.Stamp).Distinct().Count());
        byte[] last = contents[Enumerable.Range(0, replies.Length).MaxBy(i => replies[i].Version.Stamp)];
        Assert.Equal(last, await owner.GetAsync("contended", Cancellation));
        await Patience.UntilAsync(
            "all three hold the last one",
            () => Task.FromResult(ring.Peers.All(peer => StoredFiles.Holds(peer, "contended", ObjectPlace.Bits, last) && StoredFiles.All(peer).Count == 1)),
            () => ring.Outputs,
            Cancellation);
    }

    private static async Task DeletePatientlyAsync(SmallRing ring, string key)
    {
        string reason = "";
        await Patience.UntilAsync($"'{key}' can be deleted", async () =>
        {
            try
            {
                await (await ring.OwnerOfAsync(key, Cancellation)).Objects().DeleteAsync(new DeleteRequest { Key = key }, cancellationToken: Cancellation);
                return true;
            }
            catch (RpcException again) when (again.StatusCode is StatusCode.Unavailable or StatusCode.FailedPrecondition)
            {
                reason = $"{again.Status}";
                return false;
            }
        }, () => reason + ring.Outputs, Cancellation);
    }
}
