using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>An object is stored.</summary>
/// <param name="Owner">Who owns its key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Copies">Peers that have it on disk, the owner among them.</param>
public sealed record PutOutcome(PeerRef Owner, ObjectVersion Version, long Size, int Copies);

/// <summary>An object, or a range of it, was read.</summary>
/// <param name="Size">Bytes of the whole object.</param>
/// <param name="Read">Bytes written to the destination.</param>
public sealed record GetOutcome(PeerRef Owner, ObjectVersion Version, long Size, long Read);

/// <summary>There is no object at the key any more.</summary>
/// <param name="Found">Whether there was one to delete.</param>
/// <param name="Version">Of the deletion; null where nothing had to be written.</param>
/// <param name="Copies">Peers that have the deletion on disk, the owner among them.</param>
/// <param name="AfterSilence">An attempt before this one was not answered, and may have deleted the object: that it was not found says nothing then.</param>
public sealed record DeleteOutcome(bool Found, PeerRef Owner, ObjectVersion? Version, int Copies, bool AfterSilence);

/// <summary>What the owner says of an object.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Replicas">Who should hold the other copies, nearest first.</param>
/// <param name="Replicated">All of them agree with the owner on all that it owns.</param>
public sealed record ObjectStatus(PeerRef Owner, ObjectVersion Version, long Size, ImmutableArray<PeerRef> Replicas, bool Replicated);

/// <summary>One line of a listing.</summary>
/// <param name="Size">Bytes.</param>
public sealed record ListedObject(string Key, ObjectVersion Version, long Size);

/// <summary>Bytes of an object: so many of them from the first one on.</summary>
/// <param name="Offset">Bytes to leave out at the beginning.</param>
/// <param name="Length">Bytes wanted, 1 or more, fewer where the object ends before; null for all that follow.</param>
public readonly record struct ByteRange(long Offset, long? Length = null);

/// <summary>How far a transfer is. It can go back, when it had to be begun anew.</summary>
/// <param name="Bytes">Moved so far.</param>
/// <param name="Total">To be moved; null where nobody knows.</param>
public readonly record struct TransferProgress(long Bytes, long? Total);
