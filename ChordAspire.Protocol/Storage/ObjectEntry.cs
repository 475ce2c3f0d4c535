namespace ChordAspire.Protocol;

/// <summary>What a peer knows of an object that it holds, or of one that it knows to be deleted.</summary>
/// <param name="Id">See <see cref="ObjectPlace"/>.</param>
/// <param name="Version">The one it holds.</param>
/// <param name="Size">Bytes of content; 0 for a tombstone.</param>
public readonly record struct ObjectEntry(Identifier Id, ObjectVersion Version, long Size);
