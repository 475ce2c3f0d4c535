namespace ChordAspire.Tests.Peer;

/// <summary>Four peers on the seed's circle of 64 places: for tests that leave the ring as they found it.</summary>
public sealed class NarrowRing : IAsyncLifetime
{
    public const int Bits = 6;

    private SmallRing? _ring;

    /// <summary>Where the peers stand, in the order of the ring.</summary>
    public static IReadOnlyList<int> Places { get; } = [5, 20, 40, 57];

    public SmallRing Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    /// <summary>The place that owns this one, by walking.</summary>
    public static int OwnerOf(int place) => Places.FirstOrDefault(owner => owner >= place, Places[0]);

    public async ValueTask InitializeAsync() => _ring = await StartAsync(CancellationToken.None);

    /// <summary>Such a ring for one test alone.</summary>
    public static Task<SmallRing> StartAsync(CancellationToken cancellationToken, params (string Name, string Value)[] settings) => SmallRing.StartAsync(
        [.. Places.Select(place => $"{place}")],
        cancellationToken,
        [("CHORD_ID_BITS", $"{Bits}"), ("Chord__SuccessorListLength", "2"), ("Chord__FixFingersInterval", "00:00:00.100"), .. settings]);

    public async ValueTask DisposeAsync()
    {
        if (_ring is not null)
            await _ring.DisposeAsync();
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedNarrowRing : ICollectionFixture<NarrowRing>
{
    public const string Name = "four peers, 6 bits";
}
