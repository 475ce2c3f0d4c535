using ChordAspire.Tests.Telemetry;

namespace ChordAspire.Tests.Peer;

/// <summary>Four peers on a 160-bit circle, their spans collected: for tests that leave the ring as they found it.</summary>
public sealed class WideRing : IAsyncLifetime
{
    private SmallRing? _ring;
    private OtlpReceiver? _receiver;

    public SmallRing Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    public OtlpReceiver Receiver => _receiver ?? throw new InvalidOperationException("The receiver has not been started.");

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync(CancellationToken.None);
        _ring = await SmallRing.StartAsync(
            ["0x10", "0x40" + new string('0', 38), "0x80" + new string('0', 38), "0xc0" + new string('0', 38)],
            CancellationToken.None,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Endpoint),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_ring is not null)
            await _ring.DisposeAsync();
        if (_receiver is not null)
            await _receiver.DisposeAsync();
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedWideRing : ICollectionFixture<WideRing>
{
    public const string Name = "four peers, 160 bits";
}
