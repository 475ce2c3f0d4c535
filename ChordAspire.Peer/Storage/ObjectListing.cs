using System.Runtime.CompilerServices;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>An object held, under its key.</summary>
internal readonly record struct ListedObject(string Key, ObjectEntry Entry);

/// <summary>Lists objects by key. Keys are read from the sidecars at the first listing, and followed from then on.</summary>
internal sealed class ObjectListing(ObjectStoreOptions options, ObjectShelf shelf, DiskThreads threads, Func<ObjectEntry, string?> readKey) : IDisposable
{
    /// <summary>Sidecars read in one piece of work, so that others get their turn on the threads.</summary>
    private const int Batch = 1024;

    /// <summary>Such pieces at once.</summary>
    private const int AtOnce = 4;

    private readonly SemaphoreSlim _filling = new(1, 1);
    private KeyCatalogue? _keys;
    private bool _filled;

    /// <param name="prefix">Of the keys; empty for all.</param>
    /// <param name="after">The last key not wanted any more; null to begin.</param>
    /// <param name="places">An arc of the circle; null for the whole of it.</param>
    public async IAsyncEnumerable<ListedObject> ListAsync(
        string prefix, string? after, Arc? places, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        KeyCatalogue keys = await KeysAsync(cancellationToken);
        Arc? arc = places is { } wanted ? ObjectPlace.ObjectsOn(wanted) : null;
        bool included = after is null || string.CompareOrdinal(after, prefix) < 0;
        string from = included ? prefix : after!;
        while (keys.PageFrom(from, included) is { Count: > 0 } page)
        {
            List<string> gone = [];
            foreach (string key in page)
            {
                if (!key.StartsWith(prefix, StringComparison.Ordinal))
                    yield break;
                Identifier id = ObjectPlace.IdOf(key, options.RingBits);
                if (!shelf.Index.TryGet(id, out ObjectEntry entry) || entry.Version.Deleted)
                    gone.Add(key);
                else if (arc?.Contains(id) != false)
                    yield return new ListedObject(key, entry);
                cancellationToken.ThrowIfCancellationRequested();
            }
            keys.Reconcile(gone);
            (from, included) = (page[^1], false);
        }
    }

    public void Dispose() => _filling.Dispose();

    private bool IsHeld(string key) => shelf.Index.VersionOf(ObjectPlace.IdOf(key, options.RingBits)) is { Deleted: false };

    private async ValueTask<KeyCatalogue> KeysAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _filled))
            return _keys!;
        await _filling.WaitAsync(cancellationToken);
        try
        {
            if (_filled)
                return _keys!;
            if (_keys is null)
            {
                // Changes are followed from before the index is looked at, so that none falls between.
                KeyCatalogue keys = new(IsHeld);
                _keys = keys;
                shelf.KeyChanged += key => keys.Reconcile([key]);
            }
            await Parallel.ForEachAsync(
                shelf.Index.All.Where(entry => !entry.Version.Deleted).Chunk(Batch),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (batch, _) => _keys.Reconcile(await threads.RunAsync(() => batch.Select(readKey).OfType<string>().ToArray())));
            Volatile.Write(ref _filled, true);
            return _keys;
        }
        finally
        {
            _filling.Release();
        }
    }
}
