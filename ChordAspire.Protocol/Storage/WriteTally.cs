namespace ChordAspire.Protocol;

/// <summary>When the owner of an object may acknowledge a write that goes to itself and its replicas at the same time.</summary>
/// <remarks>
/// It waits for all of them, so that in a ring without failures an acknowledged object has all its copies. When one is silent or slow a majority is enough,
/// the owner always among it: a peer that falls ill must not stop all writers on its part of the ring. Fewer is no success: what one peer alone
/// holds may be gone the next moment.
/// </remarks>
/// <param name="Copies">How many hold the object when all goes well, the owner among them. At least 1.</param>
public readonly record struct WriteTally(int Copies)
{
    /// <summary>The owner's own copy is on disk.</summary>
    public bool OwnerDone { get; init; }

    /// <summary>Replicas that have it on disk.</summary>
    public int ReplicasDone { get; init; }

    /// <summary>Replicas that failed, or refused for want of room.</summary>
    public int ReplicasFailed { get; init; }

    /// <summary>Copies on disk.</summary>
    public int Done => ReplicasDone + (OwnerDone ? 1 : 0);

    public int Majority => (Copies / 2) + 1;

    /// <summary>Nobody is waited for any more.</summary>
    public bool AllEnded => OwnerDone && ReplicasDone + ReplicasFailed == Copies - 1;

    /// <summary>Whether the write is safe enough to be acknowledged now.</summary>
    /// <param name="patienceOver">Those who are slow have been waited for long enough.</param>
    public bool MayAcknowledge(bool patienceOver) => OwnerDone && Done >= Majority && (patienceOver || AllEnded);

    /// <summary>One more may fail, and it can still be acknowledged.</summary>
    public bool CanSpareOne => Copies - ReplicasFailed > Majority;

    /// <summary>Too many have failed: no waiting can help.</summary>
    public bool IsHopeless => Copies - ReplicasFailed < Majority;
}
