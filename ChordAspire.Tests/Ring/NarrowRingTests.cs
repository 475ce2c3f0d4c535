using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;

namespace ChordAspire.Tests.Ring;

/// <summary>A ring of five peers on 6 bits, as narrow as the seed's.</summary>
public sealed class NarrowRingFixture : IAsyncLifetime
{
    private RingUnderTest? _ring;

    public RingUnderTest Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    public async ValueTask InitializeAsync() =>
        _ring = await RingUnderTest.StartAsync(peers: 5, CancellationToken.None, "--Ring:IdBits=6", "--Ring:SparePeers=0");

    public async ValueTask DisposeAsync()
    {
        if (_ring is not null)
            await _ring.DisposeAsync();
    }
}

public sealed class NarrowRingTests(NarrowRingFixture fixture) : IClassFixture<NarrowRingFixture>
{
    private RingUnderTest Ring => fixture.Ring;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_made_from_the_seeds_contract_alone_stores_and_looks_up_through_any_peer()
    {
        using var channels = new PeerChannels(TimeSpan.FromSeconds(2));
        ChordService.ChordServiceClient[] clients = [.. Ring.Names.Select(name => new ChordService.ChordServiceClient(channels.To(Ring.AddressOf(name))))];
        RingSnapshot ring = await Ring.ReadAsync(Ring.Names, Cancellation);

        for (int i = 0; i < 40; i++)
            await clients[i % clients.Length].StoreResourceAsync(new StoreRequest { Key = $"song {i}", Value = $"tune {i}" }, cancellationToken: Cancellation);

        foreach (ChordService.ChordServiceClient client in clients)
        {
            for (int i = 0; i < 40; i++)
                Assert.Equal($"tune {i}", (await client.LookupResourceAsync(new LookupRequest { Key = $"song {i}" }, cancellationToken: Cancellation)).Value);
            for (int id = 0; id < 64; id++)
            {
                NodeInfo owner = await client.FindSuccessorAsync(new FindSuccessorRequest { Id = id }, cancellationToken: Cancellation);
                Assert.Equal(ring.OwnerOf(Identifier.FromUInt64(6, (ulong)id)).Address, owner.Address);
            }
            Assert.Equal(6, (await client.GetFingerTableAsync(new Empty(), cancellationToken: Cancellation)).Entries.Count);
        }
    }
}
