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

    private readonly ConcurrentDictionary<string, Task<string?>> _asking = new();

    /// <summary>What the seed peer that owns the key has, where that is not what is held here; null where there is nothing to take in.</summary>
    public async Task<byte[]?> FindNewsAsync(string key, Identifier id)
    {
        if (ring.SeedAt(ObjectPlace.Of(id, options.Ring.Bits)) is not { } seed)
            return null;
        if (await AskAsync(seed, key) is not { Length: > 0 } value || Encoding.UTF8.GetByteCount(value) > RingLimits.MaxValueBytes)
            return null;
        byte[] content = Encoding.UTF8.GetBytes(value);
        return store.Index.VersionOf(id) is { Deleted: false } held && held.Hash == ContentHash.FromBytes(SHA256.HashData(content)) ? null : content;
    }

    /// <summary>Gives the seed peer that owns the key what is held of it now: its text, or the empty value where there is none, or what its contract does not carry.</summary>
    /// <exception cref="RefusedException">It does not answer. Whoever reads through it would be told an older value.</exception>
    public async Task PassOnAsync(Identifier id)
    {
        if (ring.SeedAt(ObjectPlace.Of(id, options.Ring.Bits)) is not { } seed || !store.Index.TryGet(id, out ObjectEntry entry) || await store.KeyOfAsync(entry) is not { } key)
            return;
        if (!await caller.StoreAsync(seed, key, await TextAsync(id) ?? "", CancellationToken.None))
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
            bool isTaken = lack.Text is not null && await caller.StoreAsync(seed, lack.Key!, lack.Text, cancellationToken);
            given += isTaken ? 1 : 0;
            // A later version may have been passed on meanwhile, and this one have come behind it.
            bool isBehind = isTaken && store.Index.VersionOf(entry.Id) != entry.Version && !await IsPassedOnAsync(entry.Id);
            bool isUnserved = !isTaken && (!lack.IsAnswered || lack.Text is not null);
            if (isBehind || isUnserved)
                open.Add(entry.Id);
            if (open.Count == MaxOpen)
                break;
        }
        return (given, open.ToImmutable());
    }

    /// <summary>Whether the seed peer lacks this object though it could hold it: it has started again, with nothing.</summary>
    public async Task<bool> IsLackingAsync(SeedStretch stretch, PeerRef seed, ObjectEntry entry, CancellationToken cancellationToken) =>
        (await FindLackAsync(stretch, seed, entry, cancellationToken)).Text is not null;

    private async Task<bool> IsPassedOnAsync(Identifier id)
    {
        try
        {
            await PassOnAsync(id);
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    private async Task<SeedLack> FindLackAsync(SeedStretch stretch, PeerRef seed, ObjectEntry entry, CancellationToken cancellationToken)
    {
        Identifier place = ObjectPlace.Of(entry.Id, options.Ring.Bits);
        if (entry.Version.Deleted || stretch.KeeperOf(place, options.Self) != seed)
            return SeedLack.Nothing;
        if (await store.KeyOfAsync(entry) is not { } key || await TextAsync(entry.Id) is not { Length: > 0 } text)
            return SeedLack.Nothing;
        // At the place of the seed peer before it others may look at that one, which sends them back here, and so on: then asking binds both, and giving helps nobody.
        if (stretch.Seeds.Any(other => other.Id == place) && (await caller.LookUpAsync(seed.Address, place, cancellationToken))?.Id != seed.Id)
            return SeedLack.Unknown;
        string? found = await caller.LookUpValueAsync(seed, key, cancellationToken);
        return new SeedLack(found is not null, key, found is "" ? text : null);
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

    private async Task<string?> AskAsync(PeerRef seed, string key)
    {
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
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
        string? value = null;
        try
        {
            value = await caller.LookUpValueAsync(seed, key, CancellationToken.None);
        }
        finally
        {
            _asking.TryRemove(key, out _);
            answer.SetResult(value);
        }
        return value;
    }

    /// <param name="IsAnswered">Whether the seed peer said what it has, where that matters.</param>
    /// <param name="Text">What it lacks; null where it lacks nothing.</param>
    private sealed record SeedLack(bool IsAnswered, string? Key = null, string? Text = null)
    {
        public static SeedLack Nothing { get; } = new(IsAnswered: true);

        public static SeedLack Unknown { get; } = new(IsAnswered: false);
    }
}
