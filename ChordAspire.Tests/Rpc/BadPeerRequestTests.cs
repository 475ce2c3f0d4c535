using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using ChordAspire.Tests.Peer;
using Google.Protobuf;
using Grpc.Core;
using WirePeer = ChordAspire.Rpc.Wire.Peer;

namespace ChordAspire.Tests.Rpc;

/// <summary>What no peer would ask of another.</summary>
[Collection(SharedWideRing.Name)]
public sealed class BadPeerRequestTests(WideRing wide)
{
    private static readonly ByteString Short = ByteString.CopyFrom(new byte[19]);
    private static readonly ByteString Long = ByteString.CopyFrom(new byte[21]);
    private static readonly ByteString Other = ByteString.CopyFrom(Enumerable.Repeat((byte)7, 20).ToArray());
    private static readonly Dictionary<string, BadRequest> Requests = All().ToDictionary(request => request.Name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_request_between_peers_is_refused_and_changes_nothing(string what)
    {
        BadRequest bad = Requests[what];
        PeerProcess peer = wide.Ring[1];
        ByteString to = WireMapping.ToWire((await peer.DescribeAsync(Cancellation)).View.Self.Id);
        var client = new PeerService.PeerServiceClient(peer.Invoker);
        await Refusals.AssertAsync(wide.Ring, bad.Status, bad.Reason, options => bad.Send(client, to, options), Cancellation);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_refused_and_change_nothing()
    {
        var raw = Marshallers.Create(static (byte[] bytes) => bytes, static bytes => bytes);
        var notify = new Method<byte[], byte[]>(MethodType.Unary, "chord.ring.v1.PeerService", "Notify", raw, raw);
        foreach (byte[] bytes in new byte[][] { [0xff], [0x0a, 0x14], [0x12, 0x03, 0x12, 0x01, 0xff], [.. Enumerable.Repeat((byte)0x0a, 4000)] })
        {
            string[] before = await Refusals.DescribeAsync(wide.Ring, Cancellation);
            await Assert.ThrowsAsync<RpcException>(async () =>
                await wide.Ring[1].Invoker.AsyncUnaryCall(notify, host: null, new CallOptions(cancellationToken: Cancellation), bytes));
            Assert.Equal(before, await Refusals.DescribeAsync(wide.Ring, Cancellation));
        }
    }

    private static IEnumerable<BadRequest> All()
    {
        const StatusCode Invalid = StatusCode.InvalidArgument;
        const StatusCode Failed = StatusCode.FailedPrecondition;
        const StatusCode Exhausted = StatusCode.ResourceExhausted;

        yield return new("introduction without parameters", Failed, Refusal.OtherRing,
            static (client, _, options) => client.IntroduceAsync(new(), options).ResponseAsync);
        yield return new("introduction from a narrower ring", Failed, Refusal.OtherRing,
            static (client, _, options) =>
                client.IntroduceAsync(new() { Parameters = new() { Bits = 6, SuccessorListLength = 4 } }, options).ResponseAsync);
        yield return new("introduction from a ring of longer lists", Failed, Refusal.OtherRing,
            static (client, _, options) =>
                client.IntroduceAsync(new() { Parameters = new() { Bits = 160, SuccessorListLength = 5 } }, options).ResponseAsync);

        foreach ((string name, ByteString? to, StatusCode status, Refusal reason) in new[]
        {
            ("nobody", ByteString.Empty, Invalid, Refusal.InvalidRequest),
            ("too few bytes", Short, Invalid, Refusal.InvalidRequest),
            ("too many bytes", Long, Invalid, Refusal.InvalidRequest),
            ("another identifier", Other, Failed, Refusal.NotMember),
        })
        {
            yield return new($"route for {name}", status, reason, (client, _, options) =>
                client.RouteAsync(new() { To = to, Key = Other, Hop = 1 }, options).ResponseAsync);
            yield return new($"neighbors asked of {name}", status, reason, (client, _, options) =>
                client.ReadNeighborsAsync(new() { To = to }, options).ResponseAsync);
            yield return new($"notify for {name}", status, reason, (client, _, options) =>
                client.NotifyAsync(new() { To = to, Peer = Someone() }, options).ResponseAsync);
            yield return new($"ping for {name}", status, reason, (client, _, options) => client.PingAsync(new() { To = to }, options).ResponseAsync);
            yield return new($"goodbye to {name}", status, reason, (client, _, options) =>
                client.DepartAsync(new() { To = to, Peer = Someone() }, options).ResponseAsync);
        }

        yield return new("route to a key of too few bytes", Invalid, Refusal.InvalidRequest,
            static (client, to, options) => client.RouteAsync(new() { To = to, Key = Short, Hop = 1 }, options).ResponseAsync);
        yield return new("route to no key", Invalid, Refusal.InvalidRequest,
            static (client, to, options) => client.RouteAsync(new() { To = to, Hop = 1 }, options).ResponseAsync);
        yield return new("hop past the ceiling", Exhausted, Refusal.Exhausted,
            static (client, to, options) => client.RouteAsync(new() { To = to, Key = Other, Hop = 129 }, options).ResponseAsync);
        yield return new("hop far past the ceiling", Exhausted, Refusal.Exhausted,
            static (client, to, options) => client.RouteAsync(new() { To = to, Key = Other, Hop = uint.MaxValue }, options).ResponseAsync);

        foreach ((string name, WirePeer? peer) in BadPeers.All())
        {
            yield return new($"notify of {name}", Invalid, Refusal.InvalidRequest, (client, to, options) =>
                client.NotifyAsync(new() { To = to, Peer = peer }, options).ResponseAsync);
            yield return new($"goodbye of {name}", Invalid, Refusal.InvalidRequest, (client, to, options) =>
                client.DepartAsync(new() { To = to, Peer = peer }, options).ResponseAsync);
        }
    }

    private static WirePeer Someone() => new() { Id = Other, Address = "127.0.0.1:1" };

    private sealed record BadRequest(
        string Name, StatusCode Status, Refusal? Reason, Func<PeerService.PeerServiceClient, ByteString, CallOptions, Task> Send);
}
