using ChordAspire.Rpc;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.DependencyInjection;

namespace ChordAspire.Tests.Rpc;

public sealed class ChordClientServicesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void An_address_that_is_none_is_refused_where_it_is_given() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddChordClient("http://peer:50051"));

    [Fact]
    public async Task A_peer_that_comes_up_is_reached_by_a_clients_next_call()
    {
        int port = PeerProcess.FreePort();
        var services = new ServiceCollection();
        services.AddChordClient($"127.0.0.1:{port}");
        await using ServiceProvider provider = services.BuildServiceProvider();
        ChordClient client = provider.GetRequiredService<ChordClient>();
        for (int i = 0; i < 10; i++)
            Assert.StartsWith($"127.0.0.1:{port} does not answer: Connection refused", (await FailAsync()).Message, StringComparison.Ordinal);
        // It does not serve clients, which is answer enough.
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync(new(), Cancellation, port);
        Assert.Equal(Refusal.NotServed, (await FailAsync()).Reason);

        Task<RefusedException> FailAsync() => Assert.ThrowsAsync<RefusedException>(() => client.DescribeAsync(Cancellation));
    }

    [Fact]
    public async Task Clients_of_one_program_share_their_connections_to_owners()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        var services = new ServiceCollection();
        services.AddChordClient(ring.Peers[0].Address);
        await using ServiceProvider provider = services.BuildServiceProvider();
        string key = ring.KeyOf(1);
        using (ChordClient first = provider.GetRequiredService<ChordClient>())
            await first.PutAsync(key, new MemoryStream([1, 2, 3]), Cancellation);
        var content = new MemoryStream();
        // The first one's end is not the second's.
        using (ChordClient second = provider.GetRequiredService<ChordClient>())
            await second.GetAsync(key, content, Cancellation);
        Assert.Equal([1, 2, 3], content.ToArray());
    }
}
