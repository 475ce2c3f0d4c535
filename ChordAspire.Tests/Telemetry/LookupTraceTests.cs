using System.Security.Cryptography;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using ChordAspire.Tests.Peer;
using Grpc.Core;

namespace ChordAspire.Tests.Telemetry;

/// <summary>What arrives where an operator looks.</summary>
[Collection(SharedWideRing.Name)]
public sealed class LookupTraceTests(WideRing wide)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_lookup_is_one_trace_with_a_span_for_each_peer_asked(int asker)
    {
        foreach (PeerProcess owner in wide.Ring.Peers)
        {
            Identifier key = (await owner.DescribeAsync(Cancellation)).View.Self.Id;
            string parent = NewParent(sampled: true, out string trace);
            LookupReply reply = await LookUpAsync(wide.Ring[asker], key, parent);
            IReadOnlyList<ReceivedSpan> spans = await WaitForTraceAsync(trace, spans => spans.Count >= 1 + (2 * reply.Hops) && RootOf(spans) is not null);

            ReceivedSpan root = RootOf(spans)!;
            Assert.Equal("chord.lookup", root.Name);
            Assert.Equal(parent.Split('-')[2], root.ParentId);
            Assert.Equal(key.ToString(), root["chord.key"]);
            Assert.Equal(key.ToString(), root["chord.owner"]);
            Assert.Equal($"{reply.Hops}", root["chord.hops"]);
            Assert.Equal("found", root["chord.outcome"]);
            ReceivedSpan[] hops = [.. spans.Where(span => span.Name == "chord.hop")];
            Assert.Equal((int)reply.Hops, hops.Length);
            foreach (ReceivedSpan hop in hops)
            {
                Assert.Equal(root.SpanId, hop.ParentId);
                Assert.Equal(ReceivedSpan.Client, hop.Kind);
                ReceivedSpan served = Assert.Single(spans, span => span.ParentId == hop.SpanId);
                Assert.Equal(ReceivedSpan.Server, served.Kind);
            }
            Assert.Equal(1 + (2 * (int)reply.Hops), spans.Count);
        }
    }

    [Fact]
    public async Task Without_a_callers_span_the_lookup_is_a_root_of_its_own()
    {
        Identifier key = Identifier.FromBigEndian(160, RandomNumberGenerator.GetBytes(20));
        await LookUpAsync(wide.Ring[0], key, parent: null);
        IReadOnlyList<ReceivedSpan> found = await wide.Receiver.WaitForAsync(
            "lookup", spans => spans.Where(span => span.Name == "chord.lookup" && span["chord.key"] == key.ToString()).ToArray() is { Length: > 0 } roots ? roots : null, Patience.Ample, Cancellation);
        Assert.Null(Assert.Single(found).ParentId);
    }

    [Fact]
    public async Task A_put_is_one_trace_with_its_lookup_in_it()
    {
        string key = $"put {Guid.NewGuid()}";
        string parent = NewParent(sampled: true, out string trace);
        await new RingService.RingServiceClient(wide.Ring[0].Invoker).PutAsync(new PutRequest { Key = key }, Headers(parent), cancellationToken: Cancellation);
        IReadOnlyList<ReceivedSpan> spans = await WaitForTraceAsync(trace, spans => RootOf(spans) is { Name: "chord.put" });
        Assert.Equal(RootOf(spans)!.SpanId, Assert.Single(spans, span => span.Name == "chord.lookup").ParentId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_caller_does_not_sample_leaves_no_spans(bool put)
    {
        string key = $"unsampled {Guid.NewGuid()}";
        string place = IdentifierCircle.PlaceOf(key, 160).ToString();
        Metadata unsampled = Headers(NewParent(sampled: false, out _));
        var client = new RingService.RingServiceClient(wide.Ring[0].Invoker);
        if (put)
            await client.PutAsync(new PutRequest { Key = key }, unsampled, cancellationToken: Cancellation);
        else
            await client.LookupAsync(new LookupRequest { Key = key }, unsampled, cancellationToken: Cancellation);
        // A peer sends its spans in order: when a later one has come, an earlier one would have.
        await LookUpAsync(wide.Ring[0], Identifier.FromUInt64(160, 1), NewParent(sampled: true, out string later));
        await WaitForTraceAsync(later, spans => RootOf(spans) is not null);
        Assert.DoesNotContain(wide.Receiver.Spans, span => span["chord.key"] == place);
    }

    [Fact]
    public async Task An_idle_ring_leaves_no_spans()
    {
        await LookUpAsync(wide.Ring[0], Identifier.FromUInt64(160, 1), NewParent(sampled: true, out string before));
        await WaitForTraceAsync(before, spans => RootOf(spans) is not null);
        string[] known = [.. wide.Receiver.Spans.Select(span => span.TraceId).Distinct()];
        await Patience.LetPassAsync(TimeSpan.FromSeconds(2), Cancellation);
        Assert.DoesNotContain(wide.Receiver.Spans, span => !known.Contains(span.TraceId));
    }

    [Fact]
    public async Task Maintenance_leaves_spans_where_asked_for()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using SmallRing ring = await SmallRing.StartAsync(
            2, Cancellation, ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Endpoint), ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("Chord__TraceMaintenance", "true"));
        await receiver.WaitForAsync(
            "span of a question about neighbors",
            spans => spans.Where(span => span.Kind == ReceivedSpan.Server && span.Name.Contains("ReadNeighbors", StringComparison.Ordinal)).ToArray() is { Length: > 0 } found ? found : null,
            Patience.Ample,
            Cancellation);
        await receiver.WaitForAsync(
            "span of a finger's lookup", spans => spans.Where(span => span.Name == "chord.maintenance").ToArray() is { Length: > 0 } found ? found : null, Patience.Ample, Cancellation);
    }

    private async Task<IReadOnlyList<ReceivedSpan>> WaitForTraceAsync(string trace, Func<IReadOnlyList<ReceivedSpan>, bool> isWhole) =>
        await wide.Receiver.WaitForAsync(
            $"whole trace {trace}", _ => wide.Receiver.Trace(trace) is var spans && isWhole(spans) ? spans : null, Patience.Ample, Cancellation);

    /// <summary>The span whose parent is not among them; null as long as others are missing.</summary>
    private static ReceivedSpan? RootOf(IReadOnlyList<ReceivedSpan> spans) =>
        spans.Where(span => spans.All(other => other.SpanId != span.ParentId)).ToArray() is [var root] ? root : null;

    private static async Task<LookupReply> LookUpAsync(PeerProcess peer, Identifier key, string? parent) =>
        await new RingService.RingServiceClient(peer.Invoker).LookupAsync(new LookupRequest { Id = WireMapping.ToWire(key) }, Headers(parent), cancellationToken: Cancellation);

    private static Metadata Headers(string? parent) => parent is null ? [] : new Metadata { { "traceparent", parent } };

    private static string NewParent(bool sampled, out string trace)
    {
        trace = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return $"00-{trace}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}-{(sampled ? "01" : "00")}";
    }
}
