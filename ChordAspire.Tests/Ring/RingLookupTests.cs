using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Ring;

[Collection(RingOfEight.Name)]
public sealed class RingLookupTests(RingFixture fixture, ITestOutputHelper output)
{
    private RingUnderTest Ring => fixture.Ring;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_peers_started_at_once_form_the_ideal_ring()
    {
        output.WriteLine($"ideal {await Ring.WaitUntilIdealAsync(Ring.Names, Cancellation)} after it was asked for");

        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);

        Assert.True(ring.IsIdeal && ring.IsValid, ring.Draw());
        Assert.Equal(8, ring.Members.Length);
    }

    [Fact]
    public async Task Two_hundred_keys_looked_up_from_every_peer_agree_with_a_sorted_array()
    {
        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);
        foreach (string name in Ring.Names)
        {
            ChordClient client = Ring.ClientOf(name);
            LookupAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.LookupAsync($"key {i}", Cancellation)));
            Assert.All(answers, answer =>
            {
                Assert.Equal(ring.OwnerOf(answer.Id), answer.Owner);
                Assert.Equal(answer.Path.Length, answer.Hops);
            });
        }
    }

    [Fact]
    public async Task A_key_on_a_peers_own_identifier_is_owned_by_that_peer_from_everywhere()
    {
        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);
        foreach (PeerView owner in ring.Members)
        {
            foreach (string name in Ring.Names)
                Assert.Equal(owner.Self, (await Ring.ClientOf(name).LookupAsync(owner.Self.Id, Cancellation)).Owner);
        }
    }

    [Fact]
    public async Task One_peer_serves_128_lookups_at_once_and_goes_on_serving()
    {
        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);
        ChordClient client = Ring.ClientOf("peer-3");

        LookupAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 128).Select(i => client.LookupAsync($"at once {i}", Cancellation)));

        Assert.All(answers, answer => Assert.Equal(ring.OwnerOf(answer.Id), answer.Owner));
        LookupAnswer after = await client.LookupAsync("afterwards", Cancellation);
        Assert.Equal(ring.OwnerOf(after.Id), after.Owner);
    }

    [Fact]
    public async Task A_peers_neighbours_stand_in_its_resource_properties()
    {
        PeerDescription peer = (await Ring.DescribeAsync("peer-1", Cancellation))!;

        await Ring.WaitUntilAsync("peer-1 shows its identifier, successor and predecessor", async () =>
        {
            var seen = await Ring.Notifications.WaitForResourceAsync("peer-1", static _ => true, Cancellation);
            string? Property(string name) => seen.Snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value?.ToString();
            return Property("ring.identifier") == peer.View.Self.Id.ToString()
                && Property("ring.successor") == peer.View.Successors.First!.Id.ToString()
                && Property("ring.predecessor") == peer.View.Predecessor!.Id.ToString();
        }, Cancellation);
    }
}
