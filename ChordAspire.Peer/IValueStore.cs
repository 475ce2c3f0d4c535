using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Where a peer keeps values. Safe for many callers at once.</summary>
internal interface IValueStore
{
    /// <summary>Values held.</summary>
    long Count { get; }

    /// <summary>Bytes of values held.</summary>
    long Bytes { get; }

    /// <summary>Stores a new version, and returns it when it is as durable as this store makes it.</summary>
    /// <exception cref="RefusedException">The store is full, or sealed.</exception>
    ValueTask<long> PutAsync(string key, Identifier place, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Takes over a value from another peer, unless a version as high is held already.</summary>
    /// <exception cref="RefusedException">The store is full, or sealed.</exception>
    ValueTask TakeAsync(StoredValue value, Identifier place, CancellationToken cancellationToken);

    ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>At most this many values whose place satisfies the condition.</summary>
    ValueTask<IReadOnlyList<StoredValue>> FindAsync(Func<Identifier, bool> where, int max, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets a value as it was found, unless it has been stored or taken over again since: two peers that hand the same value to each other
    /// at the same moment must not both forget it.
    /// </summary>
    ValueTask RemoveAsync(StoredValue found, CancellationToken cancellationToken);

    /// <summary>Takes no more values: what is acknowledged from here on would be lost.</summary>
    void Seal();
}
