namespace ChordAspire.Protocol;

/// <summary>What a peer tells about its neighbours in one atomic read (Zave 2017: prdc and succList of one peer).</summary>
/// <param name="Predecessor">Null when unknown.</param>
public sealed record Neighbors(PeerRef? Predecessor, SuccessorList Successors);
