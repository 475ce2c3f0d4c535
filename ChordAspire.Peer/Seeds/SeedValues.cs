using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>
/// Values on the arcs of the seed peers right before this one, which owns those arcs among ours. What is written here is passed on to the seed peer, as far as
/// its contract carries it: text of at most 1 MiB. What somebody has stored at the seed peer itself is taken in when it is read through ours.
/// </summary>
internal sealed class SeedValues(OwnRing ring, SeedCaller caller, ObjectStore store, PeerOptions options, TimeProvider time)
{
    /// <summary>
    /// How long a request waits for another's question about the same key. A seed peer with a wrong idea of the ring may pass the question on to us, and wait for
    /// our answer to it: then this ends the circle.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>A seed peer that leaves so many questions open is not asked more for now.</summary>
    public const int MaxOpen = 256;

    private static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How often what is held is passed on again because it has changed meanwhile. Each time somebody else has written it.</summary>
    private const int MaxPasses = 64;

    private readonly ConcurrentDictionary<string, Task<SeedAnswer?>> _asking = new();
    private readonly WritesUnderWay _writes = new();

    /// <summary>A write of an object begins, which ends, when this is disposed of, with <see cref="PassOnAsync"/>: until then the seed peer has older news.</summary>
    public IDisposable? BeginWrite(Identifier id) => ring.MayBeMixed ? _writes.Begin(id) : null;

    /// <summary>What the seed peer that owns the key has, where that is not what is held here; null where there is nothing to take in.</summary>
    public async Task<SeedNews?> FindNewsAsync(string key, Identifier id)
    {
        if (ring.SeedAt(ObjectPlace.Of(id, options.Ring.Bits)) is not { } seed || await AskAsync(seed, key, id) is not { Value.Length: > 0 } answer)
            return null;
        if (Encoding.UTF8.GetByteCount(answer.Value) > RingLimits.MaxValueBytes)
            return null;
        byte[] content = Encoding.UTF8.GetBytes(answer.Value);
        return answer.Before is { Deleted: false } held && held.Hash == ContentHash.FromBytes(SHA256.HashData(content)) ? null : new SeedNews(content, answer.Before);
    }

    /// <summary>Gives the seed peer that owns the key what is held of it now: its text, or the empty value where there is none, or what its contract does not carry.</summary>
    /// <exception cref="RefusedException">It does not answer. Whoever reads through it would be told an older value.</exception>
    public async Task PassOnAsync(Identifier id)
    {
        if (ring.SeedAt(ObjectPlace.Of(id, options.Ring.Bits)) is not { } seed || !store.Index.TryGet(id, out ObjectEntry entry) || await store.KeyOfAsync(entry) is not { } key)
            return;
        if (!await StoreNewestAsync(seed, key, id))
            throw new RefusedException(Refusal.Unavailable, $"Seed peer {seed}, which owns '{key}' on the ring, does not take it; try again.");
    }

    /// <summary>Gives a seed peer what it lacks of these: it took over the arc on which they lie, and nothing else does that for it.</summary>
    /// <param name="stretch">Where it stands.</param>
    /// <param name="seed">Whom it is about.</param>
    /// <param name="entries">Held here. Given up behind <see cref="MaxOpen"/> that stay open.</param>
    /// <returns>How many objects it was given, and those of which it did not say what it has, or did not take them.</returns>
    public async Task<(int Given, ImmutableArray<Identifier> Open)> HandOverAsync(SeedStretch stretch, PeerRef seed, IEnumerable<ObjectEntry> entries, CancellationToken cancellationToken)
    {
        int given = 0;
        var open = ImmutableArray.CreateBuilder<Identifier>();
        foreach (ObjectEntry entry in entries)
        {
            SeedLack lack = await FindLackAsync(stretch, seed, entry, cancellationToken);
            bool isTaken = lack.Key is { } lacking && await StoreNewestAsync(seed, lacking, entry.Id);
            given += isTaken ? 1 : 0;
            if (!isTaken && (!lack.IsAnswered || lack.Key is not null))
                open.Add(entry.Id);
            if (open.Count == MaxOpen)
                break;
        }
        return (given, open.ToImmutable());
    }

    /// <summary>Whether the seed peer lacks this object though it could hold it: it has started again, with nothing.</summary>
    public async Task<bool> IsLackingAsync(SeedStretch stretch, PeerRef seed, ObjectEntry entry, CancellationToken cancellationToken) =>
        (await FindLackAsync(stretch, seed, entry, cancellationToken)).Key is not null;

    /// <summary>
    /// Has the seed peer store what is held of an object, until what it was sent last is what is held: of two that pass on the same object at the same time,
    /// the one that read it first may be heard last.
    /// </summary>
    private async Task<bool> StoreNewestAsync(PeerRef seed, string key, Identifier id)
    {
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            ObjectVersion? sent = store.Index.VersionOf(id);
            if (!await caller.StoreAsync(seed, key, await TextAsync(id) ?? "", CancellationToken.None))
                return false;
            ObjectVersion? held = store.Index.VersionOf(id);
            // A newer version of the same bytes is no news.
            if ((held?.Deleted, held?.Hash) == (sent?.Deleted, sent?.Hash))
                return true;
        }
        return false;
    }

    private async Task<SeedLack> FindLackAsync(SeedStretch stretch, PeerRef seed, ObjectEntry entry, CancellationToken cancellationToken)
    {
        Identifier place = ObjectPlace.Of(entry.Id, options.Ring.Bits);
        if (entry.Version.Deleted || stretch.KeeperOf(place, options.Self) != seed)
            return SeedLack.Nothing;
        if (await store.KeyOfAsync(entry) is not { } key || await TextAsync(entry.Id) is not { Length: > 0 })
            return SeedLack.Nothing;
        // At the place of the seed peer before it others may look at that one, which sends them back here, and so on: then asking binds both, and giving helps nobody.
        if (stretch.Seeds.Any(other => other.Id == place) && (await caller.LookUpAsync(seed.Address, place, cancellationToken))?.Id != seed.Id)
            return SeedLack.Unknown;
        string? found = await caller.LookUpValueAsync(seed, key, cancellationToken);
        return new SeedLack(found is not null, found is "" ? key : null);
    }

    /// <summary>What is held of an object, when it is text of at most 1 MiB.</summary>
    private async Task<string?> TextAsync(Identifier id)
    {
        await using StoredObject? opened = await store.OpenAsync(id, CancellationToken.None);
        if (opened is null || opened.Size > RingLimits.MaxValueBytes)
            return null;
        byte[] content = new byte[opened.Size];
        for (int read = 0; read < content.Length;)
            read += await opened.ReadAsync(read, content.AsMemory(read), CancellationToken.None);
        try
        {
            return StrictText.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private async Task<SeedAnswer?> AskAsync(PeerRef seed, string key, Identifier id)
    {
        var answer = new TaskCompletionSource<SeedAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_asking.GetOrAdd(key, answer.Task) is { } asked && asked != answer.Task)
        {
            try
            {
                return await asked.WaitAsync(Patience, time);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
        SeedAnswer? found = null;
        try
        {
            // The version first: what was written before it is under way still, or has been passed on, so that the answer is no older; what comes behind it is
            // seen, when the answer is there, by its being another one.
            ObjectVersion? before = store.Index.VersionOf(id);
            if (!_writes.Has(id))
                found = new SeedAnswer(await caller.LookUpValueAsync(seed, key, CancellationToken.None), before);
        }
        finally
        {
            _asking.TryRemove(key, out _);
            answer.SetResult(found);
        }
        return found;
    }

    /// <param name="Value">Empty where it has none, null where it is silent.</param>
    /// <param name="Before">What was held here when it was asked.</param>
    private sealed record SeedAnswer(string? Value, ObjectVersion? Before);

    /// <param name="IsAnswered">Whether the seed peer said what it has, where that matters.</param>
    /// <param name="Key">The key of which it lacks the text that is held here; null where it lacks nothing.</param>
    private sealed record SeedLack(bool IsAnswered, string? Key = null)
    {
        public static SeedLack Nothing { get; } = new(IsAnswered: true);

        public static SeedLack Unknown { get; } = new(IsAnswered: false);
    }
}
