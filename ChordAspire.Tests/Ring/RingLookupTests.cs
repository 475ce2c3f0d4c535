using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Tests.Telemetry;

namespace ChordAspire.Tests.Ring;

[Collection(RingOfEight.Name)]
public sealed class RingLookupTests(RingFixture fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private RingUnderTest Ring => fixture.Ring;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Tests of other classes, which run in any order between these, may have left a peer dead.
    public async ValueTask InitializeAsync() => await Ring.RestoreAsync(Cancellation, RingUnderTest.Spare);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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

    [Fact]
    public async Task One_lookup_is_one_trace_with_a_span_for_each_hop()
    {
        // A key that no other test looks up, and that another peer owns.
        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);
        PeerRef self = (await Ring.DescribeAsync("peer-0", Cancellation))!.View.Self;
        string key = Enumerable.Range(0, 1000).Select(i => $"traced {i}").First(name => ring.OwnerOf(IdentifierCircle.PlaceOf(name, self.Id.Bits)) != self);
        LookupAnswer answer = await Ring.ClientOf("peer-0").LookupAsync(key, Cancellation);
        Assert.True(answer.Hops > 0, "The lookup had no hops.");

        IReadOnlyList<ReceivedSpan> trace = await fixture.Spans.WaitForAsync("whole trace of the lookup", spans =>
        {
            ReceivedSpan? root = spans.LastOrDefault(span => span.Name == "chord.lookup" && span["chord.key"] == answer.Id.ToString());
            List<ReceivedSpan> whole = [.. spans.Where(span => span.TraceId == root?.TraceId)];
            return whole.Count >= 1 + (2 * answer.Hops) ? whole : null;
        }, RingUnderTest.Patience, Cancellation);

        ReceivedSpan top = Assert.Single(trace, span => span.ParentId is null);
        Assert.Equal("chord.lookup", top.Name);
        ReceivedSpan[] hops = [.. trace.Where(span => span.Name == "chord.hop")];
        Assert.Equal(answer.Hops, hops.Length);
        Assert.All(hops, hop =>
        {
            Assert.Equal(top.SpanId, hop.ParentId);
            ReceivedSpan server = Assert.Single(trace, span => span.ParentId == hop.SpanId);
            Assert.NotEqual(top.Service, server.Service);
        });
    }
}
