using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>What a peer answers when asked the way to a key: one hop of a lookup.</summary>
/// <param name="OwnsKey">The key lies on its own arc (predecessor, self].</param>
/// <param name="Predecessor">Its predecessor; null when unknown. Whoever asked it as the owner learns who may be nearer.</param>
/// <param name="Successors">
/// Who may own the key, nearest first: the part of its successor list at or behind the key, and itself behind a list that spans the ring.
/// The first of them alive is the owner, unless one of <paramref name="Closer"/> is alive and knows better.
/// </param>
/// <param name="Closer">
/// Peers strictly between itself and the key, closest to the key first: a few fingers, and the other part of its successor list. Of r successors
/// one is alive, so a lookup goes on whatever the fingers are worth. Empty where the key lies between it and its successor.
/// </param>
public sealed record RouteAnswer(bool OwnsKey, PeerRef? Predecessor, ImmutableArray<PeerRef> Successors, ImmutableArray<PeerRef> Closer);
