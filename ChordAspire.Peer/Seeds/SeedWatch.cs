using System.Collections.Immutable;
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

    /// <summary>Seed peers that have been given what lies on their arcs.</summary>
    private readonly Dictionary<PeerRef, Served> _served = [];

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
        // Who does not hold all yet would give some, and take the seed peer for served.
        if (!replication.Settled)
            return;
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
            Arc arc = ObjectPlace.ObjectsOn(stretch.KeptBy(i, options.Self));
            bool isServed = _served.TryGetValue(seed, out Served served) && served.Arc == arc;
            if (isServed && _looks % LooksBetweenSamples != 0)
                continue;
            IEnumerable<ObjectEntry> asked = isServed && !await IsEmptyAsync(stretch, seed, arc, stopping) ? Held(served.Open) : store.Index.On(arc);
            (int given, ImmutableArray<Identifier> open) = await values.HandOverAsync(stretch, seed, asked, stopping);
            if (open.Length < SeedValues.MaxOpen)
                _served[seed] = new Served(arc, open);
            if (given > 0)
                Log.SeedServed(logger, seed, given);
        }
    }

    /// <summary>One object is looked for at a time, another at each check.</summary>
    private async Task<bool> IsEmptyAsync(SeedStretch stretch, PeerRef seed, Arc arc, CancellationToken stopping)
    {
        int count = store.Index.DigestOf(arc).Count;
        return count > 0 && await values.IsLackingAsync(stretch, seed, store.Index.AtOn(arc, _looks / LooksBetweenSamples % count), stopping);
    }

    private IEnumerable<ObjectEntry> Held(ImmutableArray<Identifier> ids)
    {
        foreach (Identifier id in ids)
        {
            if (store.Index.TryGet(id, out ObjectEntry entry))
                yield return entry;
        }
    }

    /// <param name="Arc">On which it was asked for all that is held.</param>
    /// <param name="Open">Of which objects it did not say what it has; it is asked again.</param>
    private readonly record struct Served(Arc Arc, ImmutableArray<Identifier> Open);
}
