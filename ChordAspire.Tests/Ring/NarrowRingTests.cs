using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Telemetry;

namespace ChordAspire.Tests.Ring;

/// <summary>A ring of five peers on 6 bits, as narrow as the seed's, whose spans are collected by the test.</summary>
public sealed class NarrowRingFixture : IAsyncLifetime
{
    private RingUnderTest? _ring;
    private OtlpReceiver? _spans;

    public RingUnderTest Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    public OtlpReceiver Spans => _spans ?? throw new InvalidOperationException("The receiver has not been started.");

    public async ValueTask InitializeAsync()
    {
        _spans = await OtlpReceiver.StartAsync(CancellationToken.None);
        _ring = await RingUnderTest.StartAsync(
            peers: 5, CancellationToken.None, "--Ring:IdBits=6", "--Ring:SparePeers=0", $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={_spans.Endpoint}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_ring is not null)
            await _ring.DisposeAsync();
        if (_spans is not null)
            await _spans.DisposeAsync();
    }
}

public sealed class NarrowRingTests(NarrowRingFixture fixture) : IClassFixture<NarrowRingFixture>
{
    private RingUnderTest Ring => fixture.Ring;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_lookup_is_one_trace_with_a_span_for_each_hop()
    {
        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);
        // The farthest key from peer-0 is just behind it: that lookup has hops.
        Identifier farthest = ring.Members[^1].Self.Id;
        LookupAnswer answer = await Ring.ClientOf("peer-0").LookupAsync(farthest, Cancellation);
        Assert.True(answer.Hops > 0, "The lookup had no hops.");

        IReadOnlyList<ReceivedSpan> trace = await fixture.Spans.WaitForAsync("whole trace of the lookup", spans =>
        {
            ReceivedSpan? root = spans.LastOrDefault(span => span.Name == "chord.lookup" && span["chord.key"] == farthest.ToString());
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

    [Fact]
    public async Task A_client_made_from_the_seeds_contract_alone_stores_and_looks_up_through_any_peer()
    {
        using var channels = new PeerChannels(TimeSpan.FromSeconds(2));
        ChordService.ChordServiceClient[] clients = [.. Ring.Names.Select(name => new ChordService.ChordServiceClient(channels.To(Ring.AddressOf(name))))];
        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);

        for (int i = 0; i < 40; i++)
            await clients[i % clients.Length].StoreResourceAsync(new StoreRequest { Key = $"song {i}", Value = $"tune {i}" }, cancellationToken: Cancellation);

        foreach (ChordService.ChordServiceClient client in clients)
        {
            for (int i = 0; i < 40; i++)
                Assert.Equal($"tune {i}", (await client.LookupResourceAsync(new LookupRequest { Key = $"song {i}" }, cancellationToken: Cancellation)).Value);
            for (int id = 0; id < 64; id++)
            {
                NodeInfo owner = await client.FindSuccessorAsync(new FindSuccessorRequest { Id = id }, cancellationToken: Cancellation);
                Assert.Equal(ring.OwnerOf(Identifier.FromUInt64(6, (ulong)id)).Address, owner.Address);
            }
            Assert.Equal(6, (await client.GetFingerTableAsync(new Empty(), cancellationToken: Cancellation)).Entries.Count);
        }
    }
}
