using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Looks, on rings that may be mixed, which seed peers stand right before this one, and gives those that come what lies on their arcs.</summary>
internal sealed class SeedWatch(
    PeerLoop loop, OwnRing own, RingCaller caller, SeedValues values, ReplicationLoop replication, ObjectStore store, PeerOptions options, TimeProvider time, ILogger<SeedWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks between two checks of whether a seed peer still has what it was given.</summary>
    private const int LooksBetweenSamples = 8;

    /// <summary>Seed peers that have been given what lies on their arcs, and the arcs.</summary>
    private readonly Dictionary<PeerRef, Arc> _served = [];

    private int _looks;
    private int _kindsSeen;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        own.MayBeMixed ? Timers.RepeatAsync(() => LookAsync(stoppingToken), Interval, HashCode.Combine(options.Self.Id, 4), time, stoppingToken) : Task.CompletedTask;

    private async Task LookAsync(CancellationToken stopping)
    {
        _looks++;
        if (caller.KindChanges != _kindsSeen)
        {
            _kindsSeen = caller.KindChanges;
            replication.Wake();
        }
        if (loop.State is not { IsMember: true, Predecessor: not null })
            return;
        SeedStretch? found = await caller.FindStretchAsync(stopping);
        if (found is null)
            return;
        if (own.Stretch is not { } known || known.Before != found.Before || !known.Seeds.SequenceEqual(found.Seeds))
        {
            own.Publish(found);
            replication.Wake();
        }
        try
        {
            await ServeAsync(found, stopping);
        }
        catch (Exception failure) when (failure is IOException or DamagedObjectException or StorageRefusedException)
        {
            // Of what is damaged the scrub and the repair take care; the seed peer is served at the next look.
            Log.SeedNotServed(logger, failure.Message);
        }
    }

    private async Task ServeAsync(SeedStretch stretch, CancellationToken stopping)
    {
        foreach (PeerRef gone in _served.Keys.Except(stretch.Seeds).ToArray())
            _served.Remove(gone);
        for (int i = 0; i < stretch.Seeds.Length; i++)
        {
            PeerRef seed = stretch.Seeds[i];
            Identifier from = (i + 1 < stretch.Seeds.Length ? stretch.Seeds[i + 1] : stretch.Before ?? options.Self).Id;
            Arc arc = ObjectPlace.ObjectsOn(new Arc(from, seed.Id));
            bool isServed = _served.TryGetValue(seed, out Arc served) && served == arc;
            if (isServed && (_looks % LooksBetweenSamples != 0 || !await IsEmptyAsync(seed, arc, stopping)))
                continue;
            int given = await values.HandOverAsync(seed, arc, stopping);
            _served[seed] = arc;
            if (given > 0)
                Log.SeedServed(logger, seed, given);
        }
    }

    /// <summary>One object is looked for at a time, another at each check.</summary>
    private async Task<bool> IsEmptyAsync(PeerRef seed, Arc arc, CancellationToken stopping)
    {
        int count = store.Index.DigestOf(arc).Count;
        return count > 0 && await values.IsLackingAsync(seed, store.Index.AtOn(arc, _looks / LooksBetweenSamples % count), stopping);
    }
}
