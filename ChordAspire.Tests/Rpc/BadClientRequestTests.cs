using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using ChordAspire.Tests.Peer;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Tests.Rpc;

/// <summary>What a client may not ask of a ring.</summary>
[Collection(SharedWideRing.Name)]
public sealed class BadClientRequestTests(WideRing wide)
{
    private static readonly Dictionary<string, (StatusCode Status, Refusal? Reason, Func<RingService.RingServiceClient, CallOptions, Task> Send)> Requests = new()
    {
        ["lookup of nothing"] = Invalid(static (client, options) => client.LookupAsync(new(), options).ResponseAsync),
        ["lookup of an empty key"] = Invalid(static (client, options) => client.LookupAsync(new() { Key = "" }, options).ResponseAsync),
        ["lookup of a key of 1025 bytes"] = Invalid(static (client, options) => client.LookupAsync(new() { Key = new string('k', 1025) }, options).ResponseAsync),
        ["lookup of an empty identifier"] = Invalid(static (client, options) => client.LookupAsync(new() { Id = ByteString.Empty }, options).ResponseAsync),
        ["lookup of a narrow identifier"] = Invalid(static (client, options) => client.LookupAsync(new() { Id = Bytes(19) }, options).ResponseAsync),
        ["lookup of a wide identifier"] = Invalid(static (client, options) => client.LookupAsync(new() { Id = Bytes(21) }, options).ResponseAsync),
        ["put without a key"] = Invalid(static (client, options) => client.PutAsync(new() { Content = Bytes(1) }, options).ResponseAsync),
        ["put under a key of 1025 bytes"] = Invalid(static (client, options) => client.PutAsync(new() { Key = new string('k', 1025) }, options).ResponseAsync),
        ["put of more than a mebibyte"] = Invalid(static (client, options) => client.PutAsync(new() { Key = "key", Content = Bytes(RingLimits.MaxValueBytes + 1) }, options).ResponseAsync),
        ["put over the size of a message"] = (StatusCode.ResourceExhausted, null, static (client, options) => client.PutAsync(new() { Key = "key", Content = Bytes(5 * 1024 * 1024) }, options).ResponseAsync),
        ["get without a key"] = Invalid(static (client, options) => client.GetAsync(new(), options).ResponseAsync),
        ["get under a key of 1025 bytes"] = Invalid(static (client, options) => client.GetAsync(new() { Key = new string('k', 1025) }, options).ResponseAsync),
    };

    public static TheoryData<string> Names => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_request_of_a_client_is_refused_and_changes_nothing(string what)
    {
        (StatusCode status, Refusal? reason, Func<RingService.RingServiceClient, CallOptions, Task> send) = Requests[what];
        var client = new RingService.RingServiceClient(wide.Ring[2].Invoker);
        await Refusals.AssertAsync(wide.Ring, status, reason, options => send(client, options), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_learns_why_it_was_refused()
    {
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(
            () => wide.Ring[0].Client.GetAsync("", TestContext.Current.CancellationToken));
        Assert.Equal(Refusal.InvalidRequest, refused.Reason);
        Assert.Contains("The key has 0 bytes", refused.Message, StringComparison.Ordinal);
    }

    private static (StatusCode, Refusal?, Func<RingService.RingServiceClient, CallOptions, Task>) Invalid(Func<RingService.RingServiceClient, CallOptions, Task> send) =>
        (StatusCode.InvalidArgument, Refusal.InvalidRequest, send);

    private static ByteString Bytes(int count) => ByteString.CopyFrom(new byte[count]);
}
