using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>Everything that replication hears of: the ring's changes, its timer, its own store, and the outcome of its effects.</summary>
public abstract record ReplicationEvent
{
    private ReplicationEvent()
    {
    }

    /// <summary>The peer's place on the ring is another, or may be.</summary>
    public sealed record RingChanged(PeerState Ring) : ReplicationEvent;

    /// <summary>Time for a round: compare with the replicas, look after strays.</summary>
    public sealed record RoundDue : ReplicationEvent;

    /// <summary>The store holds this now, on disk.</summary>
    /// <param name="Writer">From whom it came; null: by this peer's own hand.</param>
    public sealed record Held(ObjectEntry Entry, PeerRef? Writer) : ReplicationEvent;

    /// <summary>The store holds no version of it any more.</summary>
    public sealed record Gone(Identifier Id) : ReplicationEvent;

    /// <summary>A version that was held turned out to be damaged, and is not held any more.</summary>
    public sealed record Damaged(Identifier Id) : ReplicationEvent;

    /// <summary>A peer that calls itself owner of this arc, of object identifiers, is about to compare it with us.</summary>
    public sealed record Claimed(PeerRef Owner, Arc Arc) : ReplicationEvent;

    /// <summary>A peer says that it may hold what we lack of our own arc, or lack what it should hold.</summary>
    public sealed record Offered(PeerRef Former) : ReplicationEvent;

    /// <summary>A write was acknowledged without this replica: it failed, was not waited for, or has become a replica while the write was under way.</summary>
    public sealed record CopyMissed(PeerRef Replica) : ReplicationEvent;

    /// <summary>Answer to <see cref="ReplicationEffect.AskArcs"/>, in the order of the questions.</summary>
    /// <param name="Own">The arc that the asked peer owns, of object identifiers; null when it knows none.</param>
    /// <param name="Replicated">Whether all its replicas agree with it, and we are none of them: <see cref="ReplicationState.ReplicatedWithout"/>.</param>
    public sealed record ArcsTold(PeerRef Peer, int Number, ImmutableArray<ArcAnswer> Answers, Arc? Own, bool Replicated) : ReplicationEvent;

    /// <summary>The asked peer is silent or no member, or gave no answer to what was asked.</summary>
    public sealed record ArcsNotTold(PeerRef Peer, int Number) : ReplicationEvent;

    /// <summary>Outcome of <see cref="ReplicationEffect.Fetch"/> or <see cref="ReplicationEffect.Push"/>.</summary>
    /// <param name="Done">The receiver holds this version, or a later one, on disk.</param>
    public sealed record TransferEnded(PeerRef Peer, int Number, bool Done) : ReplicationEvent;

    /// <summary>Outcome of <see cref="ReplicationEffect.FindOwner"/>; null: none was found.</summary>
    public sealed record OwnerFound(PeerRef? Owner) : ReplicationEvent;

    /// <summary>Give the successors what they will own.</summary>
    public sealed record LeaveRequested : ReplicationEvent;
}
