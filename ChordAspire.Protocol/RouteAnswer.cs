using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>What a peer answers when asked the way to a key: one hop of a lookup.</summary>
/// <param name="OwnsKey">The key lies on its own arc (predecessor, self].</param>
/// <param name="Predecessor">Its predecessor; null when unknown. Whoever asked it as the owner learns who may be nearer.</param>
/// <param name="Successors">Its successor list, where the key lies between it and its successor: the first of them alive is the owner. Empty otherwise.</param>
/// <param name="Closer">Peers it knows strictly between itself and the key, closest to the key first; empty where <paramref name="Successors"/> is not.</param>
public sealed record RouteAnswer(bool OwnsKey, PeerRef? Predecessor, ImmutableArray<PeerRef> Successors, ImmutableArray<PeerRef> Closer);
