using ChordAspire.Peer;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Microsoft.Extensions.Configuration;

namespace ChordAspire.Tests.Peer;

public sealed class MemoryValueStoreTests
{
    private static readonly Identifier Place = Identifier.FromUInt64(8, 7);

    private readonly MemoryValueStore _store = new(Options(), TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_put_gets_a_higher_version()
    {
        long first = await _store.PutAsync("key", Place, new byte[1], Cancellation);
        long second = await _store.PutAsync("key", Place, new byte[2], Cancellation);
        Assert.True(second > first);
        Assert.Equal((1, 2), (_store.Count, (await _store.GetAsync("key", Cancellation))!.Content.Length));
    }

    [Fact]
    public async Task A_put_over_a_value_from_a_peer_with_a_fast_clock_is_newer_all_the_same()
    {
        long future = TimeProvider.System.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds();
        await _store.TakeAsync(new StoredValue("key", new byte[1], future), Place, Cancellation);
        Assert.Equal(future + 1, await _store.PutAsync("key", Place, new byte[2], Cancellation));
    }

    [Fact]
    public async Task A_value_found_is_forgotten_once_it_was_handed_over()
    {
        await _store.PutAsync("key", Place, new byte[100], Cancellation);
        await _store.RemoveAsync(await FoundAsync(), Cancellation);
        Assert.Equal((0, 0), (_store.Count, _store.Bytes));
    }

    [Fact]
    public async Task A_value_put_again_meanwhile_is_kept()
    {
        await _store.PutAsync("key", Place, new byte[1], Cancellation);
        StoredValue found = await FoundAsync();
        await _store.PutAsync("key", Place, new byte[2], Cancellation);
        await _store.RemoveAsync(found, Cancellation);
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public async Task A_value_taken_over_again_meanwhile_is_kept_though_it_is_the_same()
    {
        await _store.PutAsync("key", Place, new byte[1], Cancellation);
        StoredValue found = await FoundAsync();
        await _store.TakeAsync(found with { }, Place, Cancellation);
        await _store.RemoveAsync(found, Cancellation);
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public async Task A_sealed_store_takes_nothing_and_still_gives()
    {
        await _store.PutAsync("key", Place, new byte[1], Cancellation);
        StoredValue found = await FoundAsync();
        _store.Seal();
        Assert.Throws<RefusedException>(() => _store.PutAsync("key", Place, new byte[1], Cancellation).AsTask().GetAwaiter().GetResult());
        Assert.Throws<RefusedException>(() => _store.TakeAsync(found, Place, Cancellation).AsTask().GetAwaiter().GetResult());
        Assert.NotNull(await _store.GetAsync("key", Cancellation));
    }

    private async Task<StoredValue> FoundAsync() => Assert.Single(await _store.FindAsync(static _ => true, 10, Cancellation));

    private static PeerOptions Options()
    {
        Assert.True(PeerOptionsReader.TryRead(new ConfigurationBuilder().Build(), out PeerOptions? options, out _));
        return options!;
    }
}
