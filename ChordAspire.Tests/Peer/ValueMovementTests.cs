using System.Collections.Concurrent;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>Values in a ring that changes: they go to their owners, and are found all the while.</summary>
[Collection(OwnPeers.Name)]
public sealed class ValueMovementTests
{
    private const int Values = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_follow_their_owners_on_join_and_leave_and_every_get_meanwhile_succeeds()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["60", "140", "220"], Cancellation, ("CHORD_ID_BITS", "8"));
        string[] keys = await TestValues.PutAsync(ring[0].Client, Values, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var failures = new ConcurrentQueue<string>();
        int gets = 0;
        Task[] readers = [.. new[] { ring[0], ring[1] }.Select(through => ReadOnAsync(through))];

        PeerProcess newcomer = await ring.AddAsync("180", Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await WaitUntilPlacedAsync(ring, keys, ring.Peers);
        ring[2].Terminate();
        Assert.Equal(0, await ring[2].WaitForExitAsync(Cancellation));
        await ring.WaitUntilIdealAsync(Cancellation);
        await WaitUntilPlacedAsync(ring, keys, [ring[0], ring[1], newcomer]);
        newcomer.Terminate();
        Assert.Equal(0, await newcomer.WaitForExitAsync(Cancellation));
        await ring.WaitUntilIdealAsync(Cancellation);
        await WaitUntilPlacedAsync(ring, keys, [ring[0], ring[1]]);

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(failures.IsEmpty, $"{failures.Count} of {gets} gets failed: {string.Join('\n', failures.Take(10))}{ring.Outputs}");
        Assert.True(gets > Values, $"Only {gets} gets were made.");

        async Task ReadOnAsync(PeerProcess through)
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string key = keys[i % keys.Length];
                try
                {
                    Interlocked.Increment(ref gets);
                    if (!await TestValues.IsFoundAsync(through.Client, key, stop.Token))
                        failures.Enqueue($"{key} at {IdentifierCircle.PlaceOf(key, 8)} through {through.Address}: not found");
                }
                catch (RefusedException refused)
                {
                    failures.Enqueue($"{key} through {through.Address}: {refused.Message}");
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task A_put_during_a_join_is_not_overwritten_by_what_is_handed_over()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["60", "220"], Cancellation, ("CHORD_ID_BITS", "8"));
        string[] keys = await TestValues.PutAsync(ring[0].Client, Values, Cancellation);
        await ring.AddAsync("140", Cancellation);
        foreach (string key in keys)
            await ring[0].Client.PutAsync(key, TestValues.ContentOf($"new {key}"), Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await WaitUntilPlacedAsync(ring, keys, ring.Peers);
        foreach (string key in keys)
            Assert.True((await ring[1].Client.GetAsync(key, Cancellation))?.Span.SequenceEqual(TestValues.ContentOf($"new {key}")), key);
    }

    [Fact]
    public async Task A_full_peer_refuses_a_put()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("Chord__MaxMegabytesHeld", "1"));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        await peer.Client.PutAsync("first", new byte[600_000], Cancellation);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => peer.Client.PutAsync("second", new byte[600_000], Cancellation));
        Assert.Equal(Refusal.Exhausted, refused.Reason);
        Assert.Contains("Chord:MaxMegabytesHeld", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("ResourceExhausted", refused.Message, StringComparison.Ordinal);
        // In the place of an older value there is room.
        await peer.Client.PutAsync("first", new byte[700_000], Cancellation);
    }

    [Fact]
    public async Task What_a_full_newcomer_cannot_take_is_still_found()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["250"], Cancellation, ("CHORD_ID_BITS", "8"));
        string[] keys = [.. Enumerable.Range(0, 12).Select(i => $"large-{i}")];
        foreach (string key in keys)
            await ring[0].Client.PutAsync(key, new byte[300_000], Cancellation);
        PeerProcess small = await ring.AddAsync("249", Cancellation, ("Chord__MaxMegabytesHeld", "1"));
        await ring.WaitUntilIdealAsync(Cancellation);
        await Patience.UntilAsync(
            "three values are at the newcomer and the others where they were",
            async () => (await small.DescribeAsync(Cancellation)).ValuesHeld == 3 && (await ring[0].DescribeAsync(Cancellation)).ValuesHeld == 12 - 3,
            () => ring.Outputs,
            Cancellation);
        foreach (PeerProcess peer in ring.Peers)
        {
            foreach (string key in keys)
                Assert.Equal(300_000, (await peer.Client.GetAsync(key, Cancellation))?.Length);
        }
    }

    /// <summary>Waits until each peer holds what it owns, and nothing else.</summary>
    private static async Task WaitUntilPlacedAsync(SmallRing ring, string[] keys, IReadOnlyCollection<PeerProcess> peers)
    {
        string counts = "";
        await Patience.UntilAsync("every value is at its owner", async () =>
        {
            PeerDescription[] told = await Task.WhenAll(peers.Select(peer => peer.DescribeAsync(Cancellation)));
            var model = new RingSnapshot(told.Select(peer => peer.View), successorListLength: 4);
            ILookup<string, string> owned = keys.ToLookup(key => model.OwnerOf(IdentifierCircle.PlaceOf(key, 8)).Address);
            counts = string.Join(", ", told.Select(peer => $"{peer.View.Self} holds {peer.ValuesHeld} of {owned[peer.View.Self.Address].Count()}"));
            return told.All(peer => peer.ValuesHeld == owned[peer.View.Self.Address].Count());
        }, () => counts + ring.Outputs, Cancellation);
    }
}
