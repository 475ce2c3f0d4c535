namespace ChordAspire.Tests.Ring;

/// <summary>One ring of eight peers and two spares for all tests of this collection: starting it is the slow part.</summary>
public sealed class RingFixture : IAsyncLifetime
{
    private RingUnderTest? _ring;

    public RingUnderTest Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    public async ValueTask InitializeAsync() => _ring = await RingUnderTest.StartAsync(peers: 8, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_ring is not null)
            await _ring.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RingOfEight : ICollectionFixture<RingFixture>
{
    public const string Name = "ring of eight";
}
