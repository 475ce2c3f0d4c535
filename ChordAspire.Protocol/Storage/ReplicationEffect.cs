using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>What replication wants done. Each that has an outcome names the events it comes back as; exactly one of them must come.</summary>
public abstract record ReplicationEffect
{
    private ReplicationEffect()
    {
    }

    /// <summary>Ask a peer about arcs: <see cref="ReplicationEvent.ArcsTold"/> or <see cref="ReplicationEvent.ArcsNotTold"/>.</summary>
    /// <param name="Number">Of the comparison; it goes back with the outcome.</param>
    /// <param name="Claim">The arc that we own, when we ask as its owner; null when we ask for another reason.</param>
    public sealed record AskArcs(PeerRef Peer, int Number, Arc? Claim, ImmutableArray<ArcQuestion> Questions) : ReplicationEffect;

    /// <summary>Copy an object from a peer: <see cref="ReplicationEvent.TransferEnded"/>. A later version than this one serves as well.</summary>
    public sealed record Fetch(PeerRef Peer, int Number, ObjectEntry Entry) : ReplicationEffect;

    /// <summary>Copy an object to a peer: <see cref="ReplicationEvent.TransferEnded"/>.</summary>
    public sealed record Push(PeerRef Peer, int Number, ObjectEntry Entry) : ReplicationEffect;

    /// <summary>Forget this version, not a later one. No outcome but <see cref="ReplicationEvent.Gone"/>.</summary>
    public sealed record Drop(ObjectEntry Entry) : ReplicationEffect;

    /// <summary>Look up who owns an object: <see cref="ReplicationEvent.OwnerFound"/>.</summary>
    public sealed record FindOwner(Identifier ObjectId) : ReplicationEffect;

    /// <summary>Tell a peer that what it owns and what we hold are no longer the same: some of what we owned is its own now, or we have lost a copy. No outcome.</summary>
    public sealed record Offer(PeerRef Peer) : ReplicationEffect;

    /// <summary>All that was asked for on leaving is done, or cannot be done. No outcome.</summary>
    public sealed record LeaveReady : ReplicationEffect;
}
