using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;

namespace ChordAspire.Tests.Peer;

/// <summary>Values in a ring that stays as it is.</summary>
[Collection(SharedWideRing.Name)]
public sealed class ValueTests(WideRing wide)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_put_through_any_peer_is_got_through_every_peer()
    {
        foreach (PeerProcess storing in wide.Ring.Peers)
        {
            string[] keys = await TestValues.PutAsync(storing.Client, 8, Cancellation, $"by {storing.Port}");
            foreach (PeerProcess asked in wide.Ring.Peers)
                await TestValues.AssertAllFoundAsync(asked.Client, keys, Cancellation);
        }
    }

    [Fact]
    public async Task A_value_put_again_is_replaced_with_a_higher_version()
    {
        var client = new RingService.RingServiceClient(wide.Ring[0].Invoker);
        PutReply first = await client.PutAsync(new PutRequest { Key = "again", Content = ByteString.CopyFromUtf8("old") }, cancellationToken: Cancellation);
        PutReply second = await client.PutAsync(new PutRequest { Key = "again", Content = ByteString.CopyFromUtf8("new") }, cancellationToken: Cancellation);
        GetReply got = await new RingService.RingServiceClient(wide.Ring[3].Invoker).GetAsync(new GetRequest { Key = "again" }, cancellationToken: Cancellation);
        Assert.True(second.Version > first.Version);
        Assert.Equal((true, "new", second.Version, second.Owner), (got.Found, got.Content.ToStringUtf8(), got.Version, got.Owner));
    }

    [Fact]
    public async Task There_is_no_value_under_a_key_never_put() => Assert.Null(await wide.Ring[1].Client.GetAsync("never put", Cancellation));

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await wide.Ring[0].Client.PutAsync("empty", ReadOnlyMemory<byte>.Empty, Cancellation);
        Assert.Equal(0, (await wide.Ring[2].Client.GetAsync("empty", Cancellation))?.Length);
    }

    [Fact]
    public async Task A_value_of_a_mebibyte_goes_there_and_back()
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
        await Task.WhenAll(keys.Select(key => wide.Ring[1].Client.PutAsync(key, TestValues.ContentOf(key), Cancellation)));
        bool[] found = await Task.WhenAll(keys.Select(key => TestValues.IsFoundAsync(wide.Ring[1].Client, key, Cancellation)));
        Assert.DoesNotContain(false, found);
    }

    [Fact]
    public async Task A_hand_over_replaces_an_older_version_and_no_newer_one()
    {
        var client = new RingService.RingServiceClient(wide.Ring[0].Invoker);
        PutReply put = await client.PutAsync(new PutRequest { Key = "handed", Content = ByteString.CopyFromUtf8("held") }, cancellationToken: Cancellation);
        await HandOverAsync(put.Version - 1, "older");
        Assert.Equal("held", await GetAsync());
        await HandOverAsync(put.Version, "as old");
        Assert.Equal("held", await GetAsync());
        await HandOverAsync(put.Version + 1, "newer");
        Assert.Equal("newer", await GetAsync());

        async Task HandOverAsync(long version, string content)
        {
            PeerProcess owner = wide.Ring.Peers.Single(peer => peer.Address == put.Owner.Address);
            HandOverReply reply = await new PeerService.PeerServiceClient(owner.Invoker).HandOverAsync(new HandOverRequest
            {
                To = put.Owner.Id,
                From = put.Owner,
                Values = { new Value { Key = "handed", Content = ByteString.CopyFromUtf8(content), Version = version } },
            }, cancellationToken: Cancellation);
            Assert.Equal(["handed"], reply.Taken);
        }

        async Task<string> GetAsync() =>
            (await client.GetAsync(new GetRequest { Key = "handed" }, cancellationToken: Cancellation)).Content.ToStringUtf8();
    }

    [Fact]
    public async Task A_peer_takes_only_what_it_owns_unless_the_giver_leaves()
    {
        PeerRef asked = (await wide.Ring[1].DescribeAsync(Cancellation)).View.Self;
        string foreign = Enumerable.Range(0, 100).Select(i => $"foreign {i}").First(key => IdentifierCircle.PlaceOf(key, 160) > asked.Id);
        HandOverReply reply = await new PeerService.PeerServiceClient(wide.Ring[1].Invoker).HandOverAsync(new HandOverRequest
        {
            To = WireMapping.ToWire(asked.Id),
            From = WireMapping.ToWire(asked),
            Values = { new Value { Key = foreign, Version = 1 } },
        }, cancellationToken: Cancellation);
        Assert.Empty(reply.Taken);
    }
}
