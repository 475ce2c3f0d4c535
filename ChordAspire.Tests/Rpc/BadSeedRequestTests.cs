using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Tests.Rpc;

[Collection(SharedNarrowRing.Name)]
public sealed class BadSeedRequestTests(NarrowRing narrow)
{
    private static readonly NodeInfo[] BadNodes =
    [
        new() { Id = -1, Address = "127.0.0.1:1" },
        new() { Id = 64, Address = "127.0.0.1:1" },
        new() { Id = int.MaxValue, Address = "127.0.0.1:1" },
        new() { Id = int.MinValue, Address = "127.0.0.1:1" },
        new() { Id = 5, Address = "" },
        new() { Id = 5, Address = "http://127.0.0.1:1" },
        new() { Id = 5, Address = "::1:80" },
        new(),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public Task An_identifier_off_the_circle_is_refused(int id) =>
        AssertInvalidAsync((client, options) => client.FindSuccessorAsync(new() { Id = id }, options).ResponseAsync);

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public async Task A_key_out_of_bounds_is_refused(int letters)
    {
        string key = new('k', letters);
        await AssertInvalidAsync((client, options) => client.StoreResourceAsync(new() { Key = key, Value = "v" }, options).ResponseAsync);
        await AssertInvalidAsync((client, options) => client.LookupResourceAsync(new() { Key = key }, options).ResponseAsync);
    }

    [Fact]
    public Task A_value_over_a_mebibyte_is_refused() =>
        AssertInvalidAsync((client, options) => client.StoreResourceAsync(new() { Key = "key", Value = new string('v', RingLimits.MaxValueBytes + 1) }, options).ResponseAsync);

    [Fact]
    public async Task A_malformed_node_is_refused()
    {
        foreach (NodeInfo node in BadNodes)
        {
            await AssertInvalidAsync((client, options) => client.NotifyAsync(node, options).ResponseAsync);
            await AssertInvalidAsync((client, options) => client.UpdateSuccessorAsync(node, options).ResponseAsync);
            await AssertInvalidAsync((client, options) => client.UpdatePredecessorAsync(node, options).ResponseAsync);
        }
    }

    [Fact]
    public async Task An_identifier_with_a_bit_above_the_width_is_refused()
    {
        ByteString tooWide = ByteString.CopyFrom(0x40);
        var ring = new ChordAspire.Rpc.Wire.RingService.RingServiceClient(narrow.Ring[0].Invoker);
        var peers = new ChordAspire.Rpc.Wire.PeerService.PeerServiceClient(narrow.Ring[0].Invoker);
        await RefusedAsync(options => ring.LookupAsync(new() { Id = tooWide }, options).ResponseAsync);
        await RefusedAsync(options => peers.PingAsync(new() { To = tooWide }, options).ResponseAsync);
        await RefusedAsync(options => peers.NotifyAsync(new() { To = ByteString.CopyFrom(5), Peer = new() { Id = tooWide, Address = "127.0.0.1:1" } }, options).ResponseAsync);
    }

    private Task AssertInvalidAsync(Func<ChordService.ChordServiceClient, CallOptions, Task> request) =>
        RefusedAsync(options => request(new ChordService.ChordServiceClient(narrow.Ring[0].Invoker), options));

    private Task RefusedAsync(Func<CallOptions, Task> request) =>
        Refusals.AssertAsync(narrow.Ring, StatusCode.InvalidArgument, Refusal.InvalidRequest, request, Cancellation);
}
