using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;
using Grpc.Core;

namespace ChordAspire.Tests.Rpc;

[Collection(SharedWideRing.Name)]
public sealed class SeedContractOnWideRingTests(WideRing wide)
{
    private static readonly Dictionary<string, Func<ChordService.ChordServiceClient, CallOptions, Task>> Methods = new()
    {
        ["FindSuccessor"] = static (client, options) => client.FindSuccessorAsync(new(), options).ResponseAsync,
        ["GetPredecessor"] = static (client, options) => client.GetPredecessorAsync(new(), options).ResponseAsync,
        ["Notify"] = static (client, options) => client.NotifyAsync(new(), options).ResponseAsync,
        ["StoreResource"] = static (client, options) => client.StoreResourceAsync(new() { Key = "k", Value = "v" }, options).ResponseAsync,
        ["LookupResource"] = static (client, options) => client.LookupResourceAsync(new() { Key = "k" }, options).ResponseAsync,
        ["GetFingerTable"] = static (client, options) => client.GetFingerTableAsync(new(), options).ResponseAsync,
        ["UpdateSuccessor"] = static (client, options) => client.UpdateSuccessorAsync(new(), options).ResponseAsync,
        ["UpdatePredecessor"] = static (client, options) => client.UpdatePredecessorAsync(new(), options).ResponseAsync,
    };

    public static TheoryData<string> Names => [.. Methods.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_method_says_that_the_identifiers_do_not_fit(string method)
    {
        var client = new ChordService.ChordServiceClient(wide.Ring[0].Invoker);
        await Refusals.AssertAsync(wide.Ring, StatusCode.FailedPrecondition, Refusal.NotServed, async options =>
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => Methods[method](client, options));
            Assert.Contains("at most 31 bits; this ring has 160", refused.Status.Detail, StringComparison.Ordinal);
            throw refused;
        }, TestContext.Current.CancellationToken);
    }
}
