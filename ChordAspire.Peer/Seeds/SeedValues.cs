using System.Collections.Concurrent;
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

    /// <summary>Gives a seed peer that has come what it lacks of what lies on its arc: it took over the arc, and nothing else does that for it.</summary>
    /// <param name="arc">Of object identifiers.</param>
    /// <returns>How many objects it was given.</returns>
    public async Task<int> HandOverAsync(PeerRef seed, Arc arc, CancellationToken cancellationToken)
    {
        int given = 0;
        foreach (ObjectEntry entry in store.Index.On(arc))
        {
            if (await LacksAsync(seed, entry, cancellationToken) is { } lacking && await caller.StoreAsync(seed, lacking.Key, lacking.Text, cancellationToken))
                given++;
        }
        return given;
    }

    /// <summary>Whether the seed peer lacks this object though it could hold it: it has started again, with nothing.</summary>
    public async Task<bool> IsLackingAsync(PeerRef seed, ObjectEntry entry, CancellationToken cancellationToken) =>
        await LacksAsync(seed, entry, cancellationToken) is not null;

    private async Task<(string Key, string Text)?> LacksAsync(PeerRef seed, ObjectEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Version.Deleted || ObjectPlace.Of(entry.Id, options.Ring.Bits) == seed.Id)
            return null;
        if (await store.KeyOfAsync(entry) is not { } key || await TextAsync(entry.Id) is not { Length: > 0 } text)
            return null;
        return await caller.LookUpValueAsync(seed, key, cancellationToken) is "" ? (key, text) : null;
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
}
