using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>What a peer knows of the objects it holds and of who else should hold them. Immutable; all arcs are of object identifiers.</summary>
public sealed record ReplicationState
{
    public required PeerRef Self { get; init; }

    /// <summary>m, of the ring.</summary>
    public required int RingBits { get; init; }

    /// <summary>r_L: how many peers hold each object, the owner among them. 1 to r, default 3 (DHash; Carbonite, NSDI 2006: three lose nothing, two do).</summary>
    public required int Copies { get; init; }

    /// <summary>What the store holds.</summary>
    public ObjectIndex Index { get; init; } = ObjectIndex.Empty;

    /// <summary>The arc owned; null while it is not known, or this peer is no member.</summary>
    public Arc? Own { get; init; }

    /// <summary>The next successors, nearest first: those that hold what this peer owns, and behind them the one that would be next.</summary>
    public ImmutableArray<PeerRef> Successors { get; init; } = [];

    /// <summary>Who holds copies of what this peer owns.</summary>
    public ReadOnlySpan<PeerRef> Replicas => Successors.AsSpan()[..Math.Min(Successors.Length, Copies - 1)];

    /// <summary>
    /// Whether what is held of the own arc is all that was ever acknowledged there. Not so for a newcomer, or when the arc has grown: then the newest
    /// version of an object is the highest among this peer and all whom it still has to hear, <see cref="Unheard"/>.
    /// </summary>
    public bool Settled => Own is not null && !Settling;

    /// <summary>Whose copies have to be compared with ours before this peer is settled.</summary>
    public ImmutableArray<PeerRef> Unheard => Settling ? [.. Sources.ToArray().Union(Offers).Except(Heard)] : [];

    /// <summary>Whether all replicas agreed with us when last compared, and nothing happened since.</summary>
    public bool Replicated => Settled && Lagging.IsEmpty;

    /// <summary>
    /// Whether this peer may forget what we hold as well: all replicas agree with us, and it is none of them. It need not know that we count on it:
    /// it may have started again since we told it, or been told in another order than we asked.
    /// </summary>
    public bool ReplicatedWithout(PeerRef peer) => Replicated && !Replicas.Contains(peer);

    /// <summary>Replicas that may lack something of ours.</summary>
    public ImmutableArray<PeerRef> Lagging { get; init; } = [];

    /// <summary>Copies that are being made, here or elsewhere, or are known to be missing.</summary>
    public int CopiesMissing => Comparisons.Sum(static comparison => comparison.Waiting + comparison.Transfers);

    internal bool Settling { get; init; } = true;

    /// <summary>Who has been compared with since this peer began to settle.</summary>
    internal ImmutableArray<PeerRef> Heard { get; init; } = [];

    /// <summary>Former owners of some of what is ours.</summary>
    internal ImmutableArray<PeerRef> Offers { get; init; } = [];

    /// <summary>Where copies of what has become ours are to be found: the replicas, and always the successor, which owned it.</summary>
    internal ReadOnlySpan<PeerRef> Sources => Successors.AsSpan()[..Math.Min(Successors.Length, Math.Max(1, Copies - 1))];

    /// <summary>The own arc when it was last known.</summary>
    internal Arc? LastOwn { get; init; }

    /// <summary>How many others count on our copies, as far as we were told lately. Bounded.</summary>
    public int ClaimCount => Claims.Length;

    /// <summary>Arcs that others own and hold copies of with us.</summary>
    internal ImmutableArray<Claim> Claims { get; init; } = [];

    /// <summary>Comparisons under way, at most one with each peer.</summary>
    internal ImmutableArray<Comparison> Comparisons { get; init; } = [];

    internal int LastNumber { get; init; }

    /// <summary>Rounds so far.</summary>
    internal long Round { get; init; }

    /// <summary>The round in which the ring, or a claim, last changed.</summary>
    internal long ChangedInRound { get; init; }

    /// <summary>Whether some of what is held may have been written here lately, and its owner not know of it.</summary>
    internal bool StraysAreNew { get; init; }

    internal bool OwnerSearchUnderWay { get; init; }

    internal bool Leaving { get; init; }

    public static ReplicationState Create(PeerRef self, int ringBits, int copies, ObjectIndex index) =>
        new() { Self = self, RingBits = ringBits, Copies = copies, Index = index };

    /// <summary>Whether this peer answers for the object: on its own arc, and not claimed by somebody whom we have not met as predecessor yet.</summary>
    public bool Owns(Identifier objectId) => Own is { } own && own.Contains(objectId) && !Claims.Any(claim => claim.Arc.Contains(objectId));

    /// <summary>
    /// Whether all that was acknowledged on this arc is held here, as far as this peer knows: it owns the arc and is settled, or holds copies of it for its owner.
    /// </summary>
    public bool HoldsAllOf(Arc objects) => IsPart(objects, Own) ? Settled : Claims.Any(claim => IsPart(objects, claim.Arc));

    private static bool IsPart(Arc arc, Arc? whole)
    {
        if (whole is not { } outer)
            return false;
        if (outer.From == outer.To)
            return true;
        if (arc.From == arc.To || !outer.Contains(arc.To))
            return false;
        // Both ends inside are not enough: from the one to the other it may go round the circle.
        return arc.From == outer.From || (outer.Contains(arc.From) && (arc.To == outer.To || arc.To.IsBetween(arc.From, outer.To)));
    }

    /// <summary>Whether a copy belongs here: owned, or claimed by an owner that counts on us.</summary>
    internal bool Covers(Identifier objectId) => Own is not { } own || own.Contains(objectId) || Claims.Any(claim => claim.Arc.Contains(objectId));
}

/// <summary>"I own this arc, and you hold copies of it."</summary>
internal readonly record struct Claim(PeerRef Owner, Arc Arc, long Round);
