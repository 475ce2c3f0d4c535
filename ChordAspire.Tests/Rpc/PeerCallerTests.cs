using System.Net;
using System.Net.Sockets;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using ChordAspire.Tests.Peer;
using Google.Protobuf;
using WirePeer = ChordAspire.Rpc.Wire.Peer;

namespace ChordAspire.Tests.Rpc;

/// <summary>A call to another peer ends as a result, whatever is at the other end.</summary>
public sealed class PeerCallerTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly Identifier Key = Identifier.FromUInt64(ScriptedPeer.Script.Bits, 7);

    private readonly PeerChannels _channels = new(TimeSpan.FromSeconds(2));
    private readonly PeerCaller _caller;

    public PeerCallerTests() => _caller = new PeerCaller(
        new ChordParameters(ScriptedPeer.Script.Bits),
        _channels,
        new RoundTripTable(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300)),
        TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, RouteReply> MalformedRoutes => new()
    {
        { "predecessor without address", new RouteReply { OwnsKey = true, Predecessor = new WirePeer { Id = ByteString.CopyFrom(1) } } },
        { "identifier too wide", new RouteReply { Closer = { new WirePeer { Id = ByteString.CopyFrom(1, 2), Address = "a:1" } } } },
        { "identifier missing", new RouteReply { Successors = { new WirePeer { Address = "a:1" } } } },
        { "address with a scheme", new RouteReply { Successors = { new WirePeer { Id = ByteString.CopyFrom(1), Address = "http://a:1" } } } },
        { "too many successors", new RouteReply { Successors = { Many(RingLimits.MaxSuccessors + 1) } } },
        { "too many closer peers", new RouteReply { Closer = { Many(RingLimits.MaxCloser + 1) } } },
    };

    [Theory]
    [MemberData(nameof(MalformedRoutes))]
    public async Task A_malformed_route_counts_as_no_answer(string what, RouteReply reply)
    {
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new() { Route = _ => Task.FromResult(reply) }, Cancellation);
        CallResult<RouteAnswer> result = await _caller.RouteAsync(peer.Reference, Key, hop: 1, Long, Cancellation);
        Assert.False(result.IsAnswered, what);
        Assert.Contains("answered badly", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_neighbors_count_as_no_answer()
    {
        ReadNeighborsReply reply = new() { Successors = { new WirePeer { Id = ByteString.CopyFrom(1, 1), Address = "a:1" } } };
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new() { ReadNeighbors = _ => Task.FromResult(reply) }, Cancellation);
        Assert.False((await _caller.ReadNeighborsAsync(peer.Reference, Cancellation)).IsAnswered);
    }

    [Fact]
    public async Task An_introduction_without_a_self_counts_as_no_answer()
    {
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new(), Cancellation);
        Assert.False((await _caller.IntroduceAsync(peer.Address, Long, Cancellation)).IsAnswered);
    }

    [Theory]
    [InlineData(Refusal.NotMember, CallStatus.NotMember)]
    [InlineData(Refusal.NotOwner, CallStatus.Refused)]
    [InlineData(Refusal.Exhausted, CallStatus.Refused)]
    [InlineData(Refusal.OtherRing, CallStatus.Refused)]
    public async Task A_refusal_arrives_with_its_reason_and_words(Refusal reason, CallStatus status)
    {
        ScriptedPeer.Script refusing = new() { Ping = _ => throw new RefusedException(reason, "in so many words") };
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(refusing, Cancellation);
        CallResult<bool> result = await _caller.PingAsync(peer.Reference, Cancellation);
        Assert.Equal((status, reason, "in so many words"), (result.Status, result.Reason, result.Detail));
    }

    [Fact]
    public async Task A_failure_inside_the_peer_is_silence()
    {
        ScriptedPeer.Script broken = new() { Ping = _ => throw new InvalidOperationException("broken") };
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(broken, Cancellation);
        Assert.Equal(CallStatus.Silent, (await _caller.PingAsync(peer.Reference, Cancellation)).Status);
    }

    [Fact]
    public async Task A_server_that_is_no_peer_is_silence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<TcpClient> accepted = listener.AcceptTcpClientAsync(Cancellation).AsTask();
        Task<CallResult<bool>> ping = _caller.PingAsync(new PeerRef(Key, $"{listener.LocalEndpoint}"), Cancellation);
        using (TcpClient client = await accepted)
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancellation);
        Assert.Equal(CallStatus.Silent, (await ping).Status);
    }

    [Fact]
    public async Task A_slow_peer_has_a_second_longer_chance()
    {
        int calls = 0;
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new()
        {
            Ping = async context =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                return new PingReply();
            },
        }, Cancellation);
        Assert.True((await _caller.PingAsync(peer.Reference, Cancellation)).IsAnswered);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task The_deadline_is_handed_on()
    {
        DateTime deadline = default;
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new()
        {
            Route = context =>
            {
                deadline = context.Deadline;
                return Task.FromResult(new RouteReply { OwnsKey = true });
            },
        }, Cancellation);
        await _caller.RouteAsync(peer.Reference, Key, hop: 1, Long, Cancellation);
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        Assert.InRange(deadline, now, now + Long);
    }

    [Fact]
    public async Task Giving_up_ends_the_call_at_the_other_end_too()
    {
        var reached = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new()
        {
            Route = async context =>
            {
                await using CancellationTokenRegistration registration = context.CancellationToken.Register(ended.SetResult);
                reached.SetResult();
                await ended.Task;
                return new RouteReply();
            },
        }, Cancellation);
        using var giveUp = new CancellationTokenSource();
        Task<CallResult<RouteAnswer>> call = _caller.RouteAsync(peer.Reference, Key, hop: 1, Long, giveUp.Token);
        await reached.Task.WaitAsync(Patience.Ample, TimeProvider.System, Cancellation);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(Patience.Ample, TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task A_peer_that_comes_up_is_reached_by_the_next_call_however_often_it_was_tried_before()
    {
        int port = PeerProcess.FreePort();
        var nobody = new PeerRef(Key, $"127.0.0.1:{port}");
        for (int i = 0; i < 10; i++)
            Assert.Equal(CallStatus.Silent, (await _caller.RouteAsync(nobody, Key, hop: 1, Long, Cancellation)).Status);
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new(), Cancellation, port);
        CallResult<RouteAnswer> result = await _caller.RouteAsync(nobody, Key, hop: 1, Long, Cancellation);
        Assert.True(result.IsAnswered, result.Detail);
    }

    [Fact]
    public async Task Calls_to_more_addresses_than_are_kept_do_not_disturb_one_under_way()
    {
        var reached = new TaskCompletionSource();
        var answer = new TaskCompletionSource<RouteReply>();
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new()
        {
            Route = context =>
            {
                reached.TrySetResult();
                return answer.Task;
            },
        }, Cancellation);
        Task<CallResult<RouteAnswer>> call = _caller.RouteAsync(peer.Reference, Key, hop: 1, Patience.Ample, Cancellation);
        await reached.Task.WaitAsync(Patience.Ample, TimeProvider.System, Cancellation);
        for (int i = 0; i < 1500; i++)
            _channels.To($"127.0.0.1:{1 + i}");
        answer.SetResult(new RouteReply { OwnsKey = true });
        Assert.True((await call).IsAnswered);
    }

    public void Dispose() => _channels.Dispose();

    private static IEnumerable<WirePeer> Many(int count) =>
        Enumerable.Range(0, count).Select(id => new WirePeer { Id = ByteString.CopyFrom((byte)id), Address = "a:1" });
}
