namespace ChordAspire.Protocol;

/// <summary>All that a peer knows of its ring. Immutable: readers on other threads may hold one while the event loop makes the next.</summary>
public sealed record PeerState
{
    public required ChordParameters Parameters { get; init; }

    public required PeerRef Self { get; init; }

    public MemberPhase Phase { get; init; } = MemberPhase.Outside;

    /// <summary>The nearest peer anticlockwise; null when unknown.</summary>
    public PeerRef? Predecessor { get; init; }

    public SuccessorList Successors { get; init; } = SuccessorList.Alone;

    public FingerTable Fingers { get; init; } = FingerTable.Empty;

    /// <summary>Whether this peer has seen a ring of more than r peers. Until then the ring is forming, and Zave's guarantees do not hold yet.</summary>
    public bool RingReady { get; init; }

    /// <summary>The one question about neighbours that is under way, if any.</summary>
    internal NeighborsQuery? Query { get; init; }

    /// <summary>The number of the last question about neighbours.</summary>
    internal int LastQuestion { get; init; }

    /// <summary>Who wants to be predecessor while the old one is being checked.</summary>
    internal PeerRef? Newcomer { get; init; }

    /// <summary>Where fix fingers goes on.</summary>
    internal int NextFinger { get; init; }

    internal bool FingerLookupUnderWay { get; init; }

    /// <summary>Whether it answers for a place on the ring.</summary>
    public bool IsMember => Phase is MemberPhase.Member or MemberPhase.Leaving;

    /// <summary>Whether it is the only peer of its ring.</summary>
    public bool IsAlone => IsMember && Successors.Count == 0;

    /// <summary>A peer before it starts or joins a ring.</summary>
    public static PeerState Create(PeerRef self, ChordParameters parameters) => new() { Self = self, Parameters = parameters };

    /// <summary>A member as an observer would place it; for tests and experiments that begin with a ready ring.</summary>
    public static PeerState CreateMember(PeerRef self, ChordParameters parameters, PeerRef? predecessor, SuccessorList successors, FingerTable fingers) =>
        new()
        {
            Self = self,
            Parameters = parameters,
            Phase = MemberPhase.Member,
            Predecessor = predecessor,
            Successors = successors,
            Fingers = fingers,
            RingReady = successors.Count == parameters.SuccessorListLength,
        };

    /// <summary>What a neighbour is told.</summary>
    public Neighbors Neighbors => new(Predecessor, Successors);
}

/// <summary>A question about neighbours that is under way.</summary>
/// <param name="Question">Its number: outcomes of earlier questions are not for it.</param>
/// <param name="Disturbed">
/// Whether a neighbour has been answered meanwhile. Zave's proof takes reading another peer and writing oneself as one step; an answer given in
/// between shows the old state, so the step is taken back and made again in the next round.
/// </param>
internal sealed record NeighborsQuery(QueryPurpose Purpose, PeerRef Asked, int Question, bool Disturbed = false);

internal enum QueryPurpose
{
    /// <summary>Join: the predecessor's list becomes ours.</summary>
    Join,

    /// <summary>Stabilize, first half: what the successor tells.</summary>
    FromSuccessor,

    /// <summary>Stabilize, second half: what the successor's predecessor tells, which may be a closer successor.</summary>
    FromPredecessor,
}
