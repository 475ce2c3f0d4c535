using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>
/// What a peer can ask and tell others where some of them speak only the seed's contract. The host carries it out: each call has a deadline of its own there,
/// and what is malformed (an identifier out of range, an address that is none) counts as silence.
/// </summary>
public interface ISeedCalls
{
    /// <summary>Whether anybody answers for this identifier at this address, and in which contract.</summary>
    Task<PeerContact> PingAsync(PeerRef peer);

    /// <summary>The neighbours of a peer that speaks our contract, in one atomic read.</summary>
    /// <returns>The neighbours where the contact is a <see cref="PeerContact.Peer"/>, and null otherwise.</returns>
    Task<(PeerContact Contact, Neighbors? Told)> ReadNeighborsAsync(PeerRef peer);

    /// <summary>"This one may be your predecessor", to a peer that speaks our contract.</summary>
    Task TellPredecessorAsync(PeerRef peer, PeerRef predecessor);

    /// <summary>The seed's <c>FindSuccessor</c>.</summary>
    Task<SeedReply> FindSuccessorAsync(PeerRef seed, Identifier id);

    /// <summary>The seed's <c>GetPredecessor</c>.</summary>
    Task<SeedReply> GetPredecessorAsync(PeerRef seed);

    /// <summary>The seed's <c>GetFingerTable</c>, without the entries that are malformed; empty when it is silent.</summary>
    Task<ImmutableArray<PeerRef>> GetFingersAsync(PeerRef seed);

    /// <summary>The seed's <c>Notify</c>: it adopts a closer one, and any while it knows none.</summary>
    Task NotifySeedAsync(PeerRef seed, PeerRef predecessor);

    /// <summary>The seed's <c>UpdateSuccessor</c>: it believes whatever it is told.</summary>
    Task UpdateSuccessorAsync(PeerRef seed, PeerRef successor);

    /// <summary>The seed's <c>UpdatePredecessor</c>: it believes whatever it is told.</summary>
    Task UpdatePredecessorAsync(PeerRef seed, PeerRef predecessor);

    /// <summary>A seed peer says what cannot be right. For the log, where each peer's fault stands once.</summary>
    /// <param name="about">Whom it named.</param>
    void Report(PeerRef seed, SeedFault fault, PeerRef? about);
}

/// <summary>What a seed peer may get wrong.</summary>
public enum SeedFault
{
    /// <summary>Its successor does not answer.</summary>
    SilentSuccessor,

    /// <summary>It names itself, or who stands behind the peer that asks, as its successor, though others stand between.</summary>
    WrongSuccessor,

    /// <summary>An identifier out of the ring's range, or an address that is none.</summary>
    Malformed,

    /// <summary>It takes longer than peers wait for each other.</summary>
    Slow,
}

/// <summary>What answers at an address.</summary>
public enum PeerContact
{
    Silent,

    /// <summary>A peer that speaks our contract, and is a member under this identifier.</summary>
    Peer,

    /// <summary>A seed peer: it speaks the seed's contract only. Whether the identifier is its own it cannot be asked.</summary>
    Seed,
}

/// <summary>What a seed peer answered.</summary>
/// <param name="IsAnswered">False: silent, or what it said makes no sense.</param>
/// <param name="Peer">Null when it knows none.</param>
public readonly record struct SeedReply(bool IsAnswered, PeerRef? Peer)
{
    public static SeedReply Silent => default;
}

/// <summary>What a seed peer was last heard to say of its neighbours.</summary>
public sealed record SeedView(PeerRef Self, PeerRef? Predecessor, PeerRef? Successor);
