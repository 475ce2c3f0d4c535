using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Observatory;

/// <summary>A file in the ring, and where its copies lie.</summary>
/// <param name="Size">Bytes.</param>
public sealed record StoredFile(string Key, long Size, PeerRef Owner, ImmutableArray<PeerRef> Replicas, bool AreComplete)
{
    /// <summary>The same copies at the same peers.</summary>
    public bool IsLike(StoredFile other) =>
        Key == other.Key && Size == other.Size && Owner == other.Owner && AreComplete == other.AreComplete && Replicas.SequenceEqual(other.Replicas);
}
