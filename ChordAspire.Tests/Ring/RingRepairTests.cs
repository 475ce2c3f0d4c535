using System.Text;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Ring;

/// <summary>Peers fail, leave, come back and are added. Every test begins with the ring of eight restored.</summary>
[Collection(RingOfEight.Name)]
public sealed class RingRepairTests(RingFixture fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private RingUnderTest Ring => fixture.Ring;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Ring.RestoreAsync(Cancellation, RingUnderTest.Spare);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_ring_repairs_itself_after_a_kill_and_no_lookup_fails_meanwhile()
    {
        string[] survivors = [.. Ring.Names.Where(name => name != "peer-3")];

        await Ring.KillAsync(["peer-3"], Cancellation);
        Task<TimeSpan> repair = Ring.WaitUntilIdealAsync(survivors, Cancellation);
        int lookups = await LookUpUntilAsync(repair, survivors);

        output.WriteLine($"repaired in {(await repair).TotalMilliseconds:F0} ms, {lookups} lookups meanwhile");
        await AssertLookupsAreRightAsync(survivors);
    }

    [Fact]
    public async Task The_ring_repairs_itself_after_r_minus_1_neighbours_were_killed_at_once()
    {
        string[] survivors = [.. Ring.Names.Where(name => name is not ("peer-2" or "peer-3" or "peer-4"))];

        await Ring.KillAsync(["peer-2", "peer-3", "peer-4"], Cancellation);
        Task<TimeSpan> repair = Ring.WaitUntilIdealAsync(survivors, Cancellation);
        int lookups = await LookUpUntilAsync(repair, survivors);

        output.WriteLine($"repaired in {(await repair).TotalMilliseconds:F0} ms, {lookups} lookups meanwhile");
        await AssertLookupsAreRightAsync(survivors);
    }

    [Fact]
    public async Task A_killed_peer_that_starts_again_at_once_takes_its_place_again()
    {
        await Ring.KillAsync(["peer-5"], Cancellation);
        await Ring.StartPeersAsync(["peer-5"], Cancellation);

        output.WriteLine($"back in {(await Ring.WaitUntilIdealAsync(Ring.Names, Cancellation)).TotalMilliseconds:F0} ms");
        await AssertLookupsAreRightAsync(Ring.Names);
    }

    [Fact]
    public async Task A_killed_peer_that_starts_again_later_takes_its_place_again()
    {
        await Ring.KillAsync(["peer-0"], Cancellation);
        await Ring.WaitUntilIdealAsync([.. Ring.Names.Skip(1)], Cancellation);
        await Ring.StartPeersAsync(["peer-0"], Cancellation);

        output.WriteLine($"back in {(await Ring.WaitUntilIdealAsync(Ring.Names, Cancellation)).TotalMilliseconds:F0} ms");
        await AssertLookupsAreRightAsync(Ring.Names);
    }

    [Fact]
    public async Task All_peers_killed_and_started_at_the_same_moment_form_the_ideal_ring_again()
    {
        await Ring.KillAsync(Ring.Names, Cancellation);
        await Ring.StartPeersAsync(Ring.Names, Cancellation);

        output.WriteLine($"ideal in {(await Ring.WaitUntilIdealAsync(Ring.Names, Cancellation)).TotalMilliseconds:F0} ms");
        await AssertLookupsAreRightAsync(Ring.Names);
    }

    [Fact]
    public async Task A_spare_that_is_started_receives_the_objects_of_its_arc_and_gives_them_back_when_it_leaves()
    {
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => $"object {i}")];
        await Task.WhenAll(keys.Select(key => Ring.ClientOf("peer-0").PutAsync(key, Encoding.UTF8.GetBytes(key), Cancellation)));
        string[] withSpare = [.. Ring.Names, RingUnderTest.Spare];

        await Ring.StartPeersAsync([RingUnderTest.Spare], Cancellation);
        TimeSpan joined = await Ring.WaitUntilIdealAsync(withSpare, Cancellation);
        RingSnapshot ring = await Ring.ReadAsync(withSpare, Cancellation);
        PeerRef spare = (await Ring.DescribeAsync(RingUnderTest.Spare, Cancellation))!.View.Self;
        int owned = keys.Count(key => ring.OwnerOf(IdentifierCircle.PlaceOf(key, spare.Id.Bits)) == spare);
        Assert.True(owned > 0, "None of the keys lies on the spare's arc; choose others.");
        // Other tests have left objects of their own.
        await Ring.WaitUntilAsync(
            $"the spare holds {owned} objects and more", async () => await Ring.DescribeAsync(RingUnderTest.Spare, Cancellation) is { Replicated: true } peer && peer.ObjectsOwned >= owned, Cancellation);
        await AssertObjectsAreFoundAsync(keys);

        await Ring.CommandAsync(RingUnderTest.Spare, "leave", Cancellation);
        await Ring.WaitUntilStoppedAsync(RingUnderTest.Spare, Cancellation);
        TimeSpan left = await Ring.WaitUntilIdealAsync(Ring.Names, Cancellation);
        await AssertObjectsAreFoundAsync(keys);
        output.WriteLine($"{owned} objects; in the ring after {joined.TotalMilliseconds:F0} ms, repaired {left.TotalMilliseconds:F0} ms after it left");
    }

    [Fact]
    public async Task Kill_is_a_command_of_the_peer()
    {
        await Ring.CommandAsync("peer-6", "kill", Cancellation);
        await Ring.WaitUntilStoppedAsync("peer-6", Cancellation);

        output.WriteLine($"repaired in {(await Ring.WaitUntilIdealAsync([.. Ring.Names.Where(name => name != "peer-6")], Cancellation)).TotalMilliseconds:F0} ms");
    }

    /// <summary>Lookups one after the other through all survivors until the ring is repaired; each must name a living peer.</summary>
    private async Task<int> LookUpUntilAsync(Task repair, string[] survivors)
    {
        HashSet<string> living = [.. survivors.Select(Ring.AddressOf)];
        int count = 0;
        do
        {
            string through = survivors[count % survivors.Length];
            LookupAnswer answer = await Ring.ClientOf(through).LookupAsync($"during repair {count++}", Cancellation);
            Assert.Contains(answer.Owner.Address, living);
        }
        while (!repair.IsCompleted);
        return count;
    }

    private async Task AssertLookupsAreRightAsync(IReadOnlyCollection<string> names)
    {
        RingSnapshot ring = await Ring.ReadAsync(names, Cancellation);
        foreach (string name in names)
        {
            for (int i = 0; i < 20; i++)
            {
                LookupAnswer answer = await Ring.ClientOf(name).LookupAsync($"after repair {i}", Cancellation);
                Assert.Equal(ring.OwnerOf(answer.Id), answer.Owner);
            }
        }
    }

    private async Task AssertObjectsAreFoundAsync(string[] keys)
    {
        foreach (string name in new[] { "peer-1", "peer-4" })
        {
            ReadOnlyMemory<byte>?[] values = await Task.WhenAll(keys.Select(key => Ring.ClientOf(name).GetAsync(key, Cancellation)));
            Assert.Equal(keys, values.Select(value => value is { } found ? Encoding.UTF8.GetString(found.Span) : $"not found through {name}"));
        }
    }
}
