using ChordAspire.Rpc;
using ChordAspire.Tests.Peer;
using Grpc.Core;

namespace ChordAspire.Tests.Rpc;

/// <summary>A bad request to a ring: refused by name, and the ring as it was.</summary>
internal static class Refusals
{
    /// <summary>
    /// Makes the request, which must be refused with this status and for this reason (null: by gRPC itself), and compares the ring before and after.
    /// </summary>
    public static async Task AssertAsync(
        SmallRing ring, StatusCode status, Refusal? reason, Func<CallOptions, Task> request, CancellationToken cancellationToken)
    {
        string[] before = await DescribeAsync(ring, cancellationToken);
        var options = new CallOptions(deadline: (TimeProvider.System.GetUtcNow() + Patience.Ample).UtcDateTime, cancellationToken: cancellationToken);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => request(options));
        Assert.True(refused.StatusCode == status, $"{refused.Status}");
        Assert.Equal(reason?.ToString(), refused.Trailers.GetValue(RefusalInterceptor.Trailer));
        Assert.NotEmpty(refused.Status.Detail);
        Assert.Equal(before, await DescribeAsync(ring, cancellationToken));
    }

    /// <summary>What the peers tell of themselves, in words: all but their fingers, which go on being fixed.</summary>
    public static async Task<string[]> DescribeAsync(SmallRing ring, CancellationToken cancellationToken) =>
        await Task.WhenAll(ring.Peers.Select(async peer =>
        {
            PeerDescription told = await peer.DescribeAsync(cancellationToken);
            return $"{told.View} objects {told.ObjectsHeld} {told.BytesHeld} process {told.ProcessId}";
        }));
}
