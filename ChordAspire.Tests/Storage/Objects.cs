using System.Security.Cryptography;
using ChordAspire.Peer;
using ChordAspire.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.Storage;

/// <summary>Short words for what tests of the store do again and again.</summary>
internal static class Objects
{
    public const int Block = ContentHasher.BlockSize;

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Without a scrub of its own; tests start its rounds.</summary>
    public static ObjectStoreOptions Options { get; } = new() { Directory = "/store", RingBits = 160, FreeSpaceFloorBytes = 0, ScrubBytesPerSecond = 0 };

    public static Task<ObjectStore> OpenStoreAsync(IDisk disk, ObjectStoreOptions? options = null, TimeProvider? time = null) =>
        ObjectStore.OpenAsync(options ?? Options, disk, time ?? new FakeTimeProvider(Now), NullLogger.Instance);

    public static Identifier Id(string key) => ObjectPlace.IdOf(key, Options.RingBits);

    /// <summary>Bytes that differ from one seed to the next.</summary>
    public static byte[] Content(int seed, int size)
    {
        byte[] bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static ContentHash HashOf(ReadOnlySpan<byte> bytes) => ContentHash.FromBytes(SHA256.HashData(bytes));

    public static ObjectEntry EntryOf(string key, byte[] content, long stamp) =>
        new(Id(key), new ObjectVersion(stamp, Deleted: false, HashOf(content)), content.Length);

    public static async Task<CommitResult> PutAsync(this ObjectStore store, string key, byte[] content, long stamp)
    {
        await using IncomingObject incoming = store.Receive(key);
        await incoming.WriteAsync(content, Cancellation);
        Assert.Equal((HashOf(content), content.Length), await incoming.CompleteAsync(Cancellation));
        return await incoming.CommitAsync(stamp, Cancellation);
    }

    /// <summary>Null where there is no such object.</summary>
    public static async Task<byte[]?> GetAsync(this ObjectStore store, string key)
    {
        await using StoredObject? stored = await (key.Length % 2 == 0 ? store.OpenAsync(key, Cancellation) : store.OpenAsync(Id(key), Cancellation));
        if (stored is null)
            return null;
        Assert.Equal(key, stored.Key);
        return await stored.ReadAllAsync();
    }

    public static async Task<byte[]> ReadAllAsync(this StoredObject stored)
    {
        byte[] bytes = new byte[stored.Size];
        for (int at = 0; at < bytes.Length;)
            at += await stored.ReadAsync(at, bytes.AsMemory(at), Cancellation);
        return bytes;
    }

    public static async Task<List<string>> KeysAsync(this ObjectStore store, string prefix = "", string? after = null, Arc? places = null)
    {
        List<string> keys = [];
        await foreach (ListedObject listed in store.ListAsync(prefix, after, places, Cancellation))
            keys.Add(listed.Key);
        return keys;
    }
}
