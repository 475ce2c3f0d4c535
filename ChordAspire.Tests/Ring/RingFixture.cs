using ChordAspire.Tests.Telemetry;

namespace ChordAspire.Tests.Ring;

/// <summary>One ring of eight peers and two spares for all tests of this collection: starting it is the slow part.</summary>
public sealed class RingFixture : IAsyncLifetime
{
    private RingUnderTest? _ring;
    private OtlpReceiver? _spans;

    public RingUnderTest Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    /// <summary>Where the peers send their spans.</summary>
    public OtlpReceiver Spans => _spans ?? throw new InvalidOperationException("The receiver has not been started.");

    public async ValueTask InitializeAsync()
    {
        _spans = await OtlpReceiver.StartAsync(CancellationToken.None);
        _ring = await RingUnderTest.StartAsync(peers: 8, CancellationToken.None, $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={_spans.Endpoint}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_ring is not null)
            await _ring.DisposeAsync();
        if (_spans is not null)
            await _spans.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RingOfEight : ICollectionFixture<RingFixture>
{
    public const string Name = "ring of eight";
}
