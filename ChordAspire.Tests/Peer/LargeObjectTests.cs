using System.Security.Cryptography;
using ChordAspire.Protocol;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Tests.Peer;

/// <summary>Objects larger than a message: streamed to the owner, from there to the replicas, and back.</summary>
[Collection(OwnPeers.Name)]
public sealed class LargeObjectTests
{
    private const int Bits = 8;
    private const int Size = 8 << 20;

    private static readonly (string, string) EightBits = ("CHORD_ID_BITS", $"{Bits}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_of_8_MiB_has_three_copies_is_read_in_whole_and_in_ranges_and_outlives_its_owner()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["20", "90", "160", "230"], Cancellation, EightBits);
        byte[] content = ObjectCalls.Content(seed: 1, Size);
        PeerProcess owner = await ring.OwnerOfAsync("large", Cancellation);
        PutReply stored = await owner.PutStreamAsync("large", content, Cancellation);

        Assert.Equal(3u, stored.Copies);
        Assert.Equal(owner.Address, stored.Owner.Address);
        Assert.Equal(SHA256.HashData(content), stored.Version.Hash.ToByteArray());
        PeerProcess[] holders = await ring.HoldersOfAsync("large", Cancellation);
        Assert.Equal(3, holders.Length);
        Assert.Equal(
            holders.Select(peer => peer.Address).Order(), ring.Peers.Where(peer => StoredFiles.Holds(peer, "large", Bits, content)).Select(peer => peer.Address).Order());
        await StoredFiles.WaitUntilNothingUnderWayAsync(ring.Peers, Cancellation);

        Assert.Equal(content, await owner.GetAsync("large", Cancellation));
        const int Block = 256 << 10;
        foreach ((int offset, int length) in new[] { (0, 1), (Size - 1, 1), (Block - 1, 2), (Block, Block), (100, 3 << 20), (Size - 100, 0), (Size, 0), (0, Size), (5 << 20, 0) })
        {
            byte[]? range = await owner.GetAsync("large", Cancellation, offset, length);
            Assert.True(content.AsSpan(offset, length == 0 ? Size - offset : length).SequenceEqual(range), $"{length} bytes from {offset} on");
        }

        await SmallRing.KillAsync(Cancellation, owner);
        Assert.Equal(content, await ring.GetPatientlyAsync("large", Cancellation));
        await ring.WaitUntilIdealAsync(Cancellation);
        await Patience.UntilAsync(
            "there are three copies again",
            () => Task.FromResult(ring.Peers.Where(peer => !peer.HasExited).All(peer => StoredFiles.Holds(peer, "large", Bits, content))),
            () => ring.Outputs,
            Cancellation);
    }

    [Fact]
    public async Task A_replica_that_dies_in_the_middle_of_an_upload_costs_a_copy_and_nothing_else()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["20", "90", "160", "230"], Cancellation, EightBits);
        byte[] content = ObjectCalls.Content(seed: 7, Size);
        PeerProcess[] holders = await ring.HoldersOfAsync("survives", Cancellation);
        PutReply stored = await holders[0].PutStreamAsync("survives", content, Cancellation, middle: () => SmallRing.KillAsync(Cancellation, holders[1]));

        Assert.Equal(2u, stored.Copies);
        Assert.Equal(content, await ring.GetPatientlyAsync("survives", Cancellation));
        await ring.WaitUntilIdealAsync(Cancellation);
        await StoredFiles.WaitUntilNothingUnderWayAsync([.. ring.Peers.Where(peer => !peer.HasExited)], Cancellation);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_in_the_middle_leaves_nothing_at_the_owner_and_the_replicas()
    {
        await using SmallRing ring = await SmallRing.StartAsync(3, Cancellation);
        byte[] before = ObjectCalls.Content(seed: 2, 1 << 20);
        PeerProcess owner = await ring.OwnerOfAsync("broken", Cancellation);
        await owner.PutStreamAsync("broken", before, Cancellation);

        foreach (bool byCancelling in new[] { true, false })
        {
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            AsyncClientStreamingCall<PutPart, PutReply> call = owner.Objects().PutStream(cancellationToken: giveUp.Token);
            await call.RequestStream.WriteAsync(new PutPart { Header = new PutHeader { Key = "broken" } }, Cancellation);
            for (int i = 0; i < 16; i++)
                await call.RequestStream.WriteAsync(new PutPart { Chunk = ByteString.CopyFrom(ObjectCalls.Content(i, 128 << 10)) }, Cancellation);
            await Patience.UntilAsync(
                "all three have some of it",
                () => Task.FromResult(ring.Peers.All(peer => Directory.EnumerateFiles(Path.Combine(peer.Folder, "incoming")).Any())),
                () => ring.Outputs,
                Cancellation);
            if (byCancelling)
                await giveUp.CancelAsync();
            else
                call.Dispose();
            await StoredFiles.WaitUntilNothingUnderWayAsync(ring.Peers, Cancellation);
            call.Dispose();
        }

        Assert.Equal(before, await owner.GetAsync("broken", Cancellation));
        Assert.All(ring.Peers, peer => Assert.True(StoredFiles.Holds(peer, "broken", ObjectPlace.Bits, before)));
        Assert.DoesNotContain("fail:", ring.Outputs, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ring.Outputs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_any_more_is_given_up_and_its_file_closed()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("Storage__IdleTimeout", "00:00:01"));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        await peer.PutStreamAsync("long", ObjectCalls.Content(seed: 4, 2 * Size), Cancellation);
        string file = StoredFiles.Of(peer, "long", ObjectPlace.Bits)!;
        using AsyncServerStreamingCall<ObjectPart> stalled = peer.Objects().Get(new GetObjectRequest { Key = "long" }, cancellationToken: Cancellation);
        Assert.True(await stalled.ResponseStream.MoveNext(Cancellation));
        await Patience.UntilAsync("the file is closed", () => Task.FromResult(!StoredFiles.IsOpen(peer, file)), () => peer.Output, Cancellation);

        // The connection is as good as before, and whoever reads slowly but steadily is not given up.
        using AsyncServerStreamingCall<ObjectPart> slow = peer.Objects().Get(new GetObjectRequest { Key = "long" }, cancellationToken: Cancellation);
        long started = TimeProvider.System.GetTimestamp();
        long received = 0;
        while (await slow.ResponseStream.MoveNext(Cancellation))
        {
            received += slow.ResponseStream.Current.Chunk.Length;
            if (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(2))
                await Patience.LetPassAsync(TimeSpan.FromMilliseconds(100), Cancellation);
        }
        Assert.Equal(2 * Size, received);
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stalled.ResponseStream.MoveNext(Cancellation))
            {
                // What was on its way already.
            }
        });
    }
}
