using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;

namespace ChordAspire.Tests.Peer;

/// <summary>Objects in a ring that stays as it is.</summary>
[Collection(SharedWideRing.Name)]
public sealed class ObjectTests(WideRing wide)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_put_through_any_peer_is_got_through_every_peer()
    {
        foreach (PeerProcess storing in wide.Ring.Peers)
        {
            string[] keys = await TestObjects.PutAsync(storing.Client, 8, Cancellation, $"by {storing.Port}");
            foreach (PeerProcess asked in wide.Ring.Peers)
                await TestObjects.AssertAllFoundAsync(asked.Client, keys, Cancellation);
        }
    }

    [Fact]
    public async Task An_object_put_again_is_replaced_with_a_higher_version()
    {
        var client = new RingService.RingServiceClient(wide.Ring[0].Invoker);
        PutReply first = await client.PutAsync(new PutRequest { Key = "again", Content = ByteString.CopyFromUtf8("old") },
            cancellationToken: Cancellation);
        PutReply second = await client.PutAsync(new PutRequest { Key = "again", Content = ByteString.CopyFromUtf8("new") },
            cancellationToken: Cancellation);
        GetReply got = await new RingService.RingServiceClient(wide.Ring[3].Invoker).GetAsync(new GetRequest { Key = "again" },
            cancellationToken: Cancellation);
        Assert.True(second.Version.Stamp > first.Version.Stamp);
        Assert.Equal((true, "new", second.Version, second.Owner), (got.Found, got.Content.ToStringUtf8(), got.Version, got.Owner));
    }

    [Fact]
    public async Task There_is_no_object_under_a_key_never_put() => Assert.Null(await wide.Ring[1].Client.GetAsync("never put", Cancellation));

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        await wide.Ring[0].Client.PutAsync("empty", ReadOnlyMemory<byte>.Empty, Cancellation);
        Assert.Equal(0, (await wide.Ring[2].Client.GetAsync("empty", Cancellation))?.Length);
    }

    [Fact]
    public async Task An_object_of_a_mebibyte_goes_there_and_back()
    {
        var content = new byte[RingLimits.MaxValueBytes];
        new Random(5).NextBytes(content);
        await wide.Ring[0].Client.PutAsync("a mebibyte", content, Cancellation);
        foreach (PeerProcess peer in wide.Ring.Peers)
            Assert.True((await peer.Client.GetAsync("a mebibyte", Cancellation))?.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task Many_puts_and_gets_at_once_through_one_peer_all_succeed()
    {
        string[] keys = [.. Enumerable.Range(0, 150).Select(i => $"at once {i}")];
        await Task.WhenAll(keys.Select(key => wide.Ring[1].Client.PutAsync(key, TestObjects.ContentOf(key), Cancellation)));
        bool[] found = await Task.WhenAll(keys.Select(key => TestObjects.IsFoundAsync(wide.Ring[1].Client, key, Cancellation)));
        Assert.DoesNotContain(false, found);
    }
}
