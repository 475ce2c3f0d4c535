namespace ChordAspire.Rpc;

/// <summary>How much a peer holds.</summary>
/// <param name="Objects">Copies on its disk, tombstones not among them.</param>
/// <param name="Bytes">Of their content.</param>
/// <param name="Owned">Of the copies, those on its own arc, tombstones among them.</param>
/// <param name="Replicated">All that it owns is known to be at all its replicas.</param>
public readonly record struct HeldObjects(long Objects, long Bytes, long Owned, bool Replicated);
