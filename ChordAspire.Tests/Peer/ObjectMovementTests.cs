using System.Collections.Concurrent;
using System.Globalization;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>Objects in a ring that changes: they go to their owners, and are found all the while.</summary>
[Collection(OwnPeers.Name)]
public sealed class ObjectMovementTests
{
    private const int Objects = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_follow_their_owners_on_join_and_leave_and_every_get_meanwhile_succeeds()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["60", "140", "220"], Cancellation, ("CHORD_ID_BITS", "8"));
        string[] keys = await TestObjects.PutAsync(ring[0].Client, Objects, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var failures = new ConcurrentQueue<string>();
        int gets = 0;
        Task[] readers = [.. new[] { ring[0], ring[1] }.Select(through => ReadOnAsync(through))];

        PeerProcess newcomer = await ring.AddAsync("180", Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.WaitUntilPlacedAsync(ring, keys, Cancellation);
        ring[2].Terminate();
        Assert.Equal(0, await ring[2].WaitForExitAsync(Cancellation));
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.WaitUntilPlacedAsync(ring, keys, Cancellation);
        newcomer.Terminate();
        Assert.Equal(0, await newcomer.WaitForExitAsync(Cancellation));
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.WaitUntilPlacedAsync(ring, keys, Cancellation);

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(failures.IsEmpty, $"{failures.Count} of {gets} gets failed: {string.Join('\n', failures.Take(10))}{ring.Outputs}");
        Assert.True(gets > Objects, $"Only {gets} gets were made.");

        async Task ReadOnAsync(PeerProcess through)
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string key = keys[i % keys.Length];
                try
                {
                    Interlocked.Increment(ref gets);
                    if (!await TestObjects.IsFoundAsync(through.Client, key, stop.Token))
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
        string[] keys = await TestObjects.PutAsync(ring[0].Client, Objects, Cancellation);
        await ring.AddAsync("140", Cancellation);
        foreach (string key in keys)
            await ring[0].Client.PutAsync(key, TestObjects.ContentOf($"new {key}"), Cancellation);
        await ring.WaitUntilIdealAsync(Cancellation);
        await TestObjects.WaitUntilPlacedAsync(ring, keys, Cancellation);
        foreach (string key in keys)
            Assert.True((await ring[1].Client.GetAsync(key, Cancellation))?.Span.SequenceEqual(TestObjects.ContentOf($"new {key}")), key);
    }

    [Fact]
    public async Task A_full_peer_refuses_a_put()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("Storage__QuotaBytes", "1MiB"));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        await peer.Client.PutAsync("first", new byte[600_000], Cancellation);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => peer.Client.PutAsync("second", new byte[600_000], Cancellation));
        Assert.Equal(Refusal.Exhausted, refused.Reason);
        Assert.Contains("Storage:QuotaBytes", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("The asked peer: This peer's objects take ", refused.Message, StringComparison.Ordinal);
        // For a moment there must be room for both versions; then the older one's is free again.
        await peer.Client.PutAsync("first", new byte[400_000], Cancellation);
        await peer.Client.PutAsync("second", new byte[500_000], Cancellation);
    }

    [Fact]
    public async Task What_a_full_newcomer_cannot_take_is_still_found_and_puts_that_find_no_room_are_refused_by_name()
    {
        await using SmallRing ring = await SmallRing.StartAsync(["250"], Cancellation, ("CHORD_ID_BITS", "8"));
        string[] keys = [.. Enumerable.Range(0, 12).Select(i => $"large-{i}")];
        foreach (string key in keys)
            await ring[0].Client.PutAsync(key, new byte[300_000], Cancellation);
        PeerProcess small = await ring.AddAsync("122", Cancellation, ("Storage__QuotaBytes", "1MiB"));
        await ring.WaitUntilIdealAsync(Cancellation);
        await Patience.UntilAsync(
            "the newcomer holds as many as it has room for, and the other one all",
            async () => (await small.DescribeAsync(Cancellation)).ObjectsHeld == 3 && (await ring[0].DescribeAsync(Cancellation)).ObjectsHeld == 12,
            () => ring.Outputs,
            Cancellation);
        foreach (PeerProcess peer in ring.Peers)
        {
            foreach (string key in keys)
                Assert.Equal(300_000, (await peer.Client.GetAsync(key, Cancellation))?.Length);
        }

        // With the owner full, or the only replica.
        foreach (string key in new[] { KeyAt(place => place is > 122 and <= 250), KeyAt(place => place is <= 122 or > 250) })
        {
            RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => ring[0].Client.PutAsync(key, new byte[300_000], Cancellation));
            Assert.Equal(Refusal.Exhausted, refused.Reason);
            Assert.Contains("Storage:QuotaBytes", refused.Message, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("   at ", small.Output, StringComparison.Ordinal);

        static string KeyAt(Func<int, bool> isThere) =>
            Enumerable.Range(0, int.MaxValue).Select(i => $"more-{i}").First(key => isThere(int.Parse($"{IdentifierCircle.PlaceOf(key, 8)}", NumberStyles.HexNumber, null)));
    }
}
