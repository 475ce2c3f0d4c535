using System.Collections.Immutable;
using System.Diagnostics;

namespace ChordAspire.Protocol;

/// <summary>
/// Who holds what, as one total function: each object at its owner and the next r_L − 1 successors, made so again after every change of the ring
/// (the placement of DHash, Dabek et al., SOSP 2001; differences found by digests, copies of returning peers used again as in Carbonite, NSDI 2006).
/// </summary>
/// <remarks>
/// The owner of an arc compares it with its replicas and mends both sides. Who holds what is no business of its own any more looks up the owner, gives
/// it what it lacks, and forgets it once the owner says that all its replicas agree. Nothing is ever forgotten before that.
/// </remarks>
public static partial class Replication
{
    /// <summary>Rounds between two comparisons with a replica that agreed: for what no event told of, such as a damaged disk.</summary>
    private const int RoundsBetweenChecks = 8;

    /// <summary>Rounds after which a claim that was not made again ends. More than between two checks.</summary>
    private const int ClaimLife = 2 * RoundsBetweenChecks;

    /// <summary>Rounds without any change before strays are forgotten: a ring under repair may count on them yet.</summary>
    private const int RoundsBeforeStrays = 3;

    /// <summary>Claims kept at the most: those of the owners before us, and some that are going out of date.</summary>
    private const int MaxClaims = 2 * ChordParameters.MaxSuccessorListLength;

    /// <summary>Objects forgotten in one step at the most.</summary>
    private const int MaxDrops = 256;

    public static (ReplicationState State, IReadOnlyList<ReplicationEffect> Effects) Handle(ReplicationState state, ReplicationEvent input)
    {
        var effects = new List<ReplicationEffect>();
        ReplicationState next = input switch
        {
            ReplicationEvent.Held(ObjectEntry entry, var writer) => Hold(state, entry, writer, effects),
            ReplicationEvent.Gone(Identifier id) => state with { Index = state.Index.Without(id) },
            ReplicationEvent.Damaged(Identifier id) => Lose(state, id, effects),
            ReplicationEvent.RingChanged(PeerState ring) => ChangeRing(state, ring, effects),
            ReplicationEvent.RoundDue => GoRound(state, effects),
            ReplicationEvent.Claimed(PeerRef owner, Arc arc) => TakeClaim(state, owner, arc),
            ReplicationEvent.Offered(PeerRef former) => TakeOffer(state, former, effects),
            ReplicationEvent.CopyMissed(PeerRef replica) => Lag(state, replica),
            ReplicationEvent.ArcsTold told => TakeAnswers(state, told, effects),
            ReplicationEvent.ArcsNotTold(_, int number) => GiveUp(state, number, effects),
            ReplicationEvent.TransferEnded(_, int number, bool done) => EndTransfer(state, number, done, effects),
            ReplicationEvent.OwnerFound(var owner) => CompareStrays(state, owner, effects),
            ReplicationEvent.LeaveRequested => Leave(state, effects),
            _ => throw new UnreachableException($"Replication has no event {input}."),
        };
        return (next, effects);
    }

    /// <summary>Whether the state is of this ring, as far as it matters who holds what. What it says of its replicas is of the ring before, where it is not.</summary>
    public static bool Knows(ReplicationState state, PeerState ring) =>
        OwnArc(ring) == state.Own && SuccessorsOf(state, ring).AsSpan().SequenceEqual(state.Successors.AsSpan());

    private static ReplicationState ChangeRing(ReplicationState state, PeerState ring, List<ReplicationEffect> effects)
    {
        if (Knows(state, ring))
            return state;
        Arc? own = OwnArc(ring);
        ImmutableArray<PeerRef> successors = SuccessorsOf(state, ring);
        PeerRef[] formerReplicas = state.Replicas.ToArray();
        ReplicationState next = state with { Own = own, Successors = successors, LastOwn = own ?? (ring.IsMember ? state.LastOwn : null), ChangedInRound = state.Round };
        bool arcChanged = own is not null && own != state.LastOwn;
        // What was written here in good faith may be somebody else's, who does not know of it yet: not to be left until the ring is quiet.
        bool shrank = arcChanged && state.LastOwn is not null && IsWithin(own!.Value, state.LastOwn);
        bool grew = own is { } now && !IsWithin(now, state.LastOwn);
        if (grew || !ring.IsMember)
            next = next with { Settling = true, Heard = [], Offers = [] };
        // What has turned out to be ours nobody else can claim any more; a claim made before its maker was met as predecessor is another matter.
        if (grew)
            next = next with { Claims = next.Claims.RemoveAll(claim => own!.Value.Contains(claim.Arc.To)) };
        PeerRef[] replicas = next.Replicas.ToArray();
        next = next with { Lagging = [.. replicas.Where(replica => grew || !formerReplicas.Contains(replica) || state.Lagging.Contains(replica))] };
        next = next with { StraysAreNew = next.StraysAreNew || shrank };
        // Where the arc is another, what is being compared is not the arc any more.
        next = next with { Comparisons = next.Comparisons.RemoveAll(comparison => comparison.Purpose != ComparisonPurpose.Stray && (comparison.Arc != own || !successors.Contains(comparison.Peer))) };
        if (arcChanged && !grew && ring.Predecessor is { } newcomer && state.LastOwn is { } before
            && state.Index.DigestOf(new Arc(before.From, own!.Value.From)).Count > 0)
            effects.Add(new ReplicationEffect.Offer(newcomer));
        return next.Leaving ? GoOnLeaving(next, own == state.Own ? state.Successors : [], effects) : Settle(HearSources(next, effects));
    }

    /// <summary>
    /// Two newcomers may both believe that they own a place, until each has heard of the other. The one nearer to it is right, and must learn what the other wrote.
    /// </summary>
    private static ReplicationState Hold(ReplicationState state, ObjectEntry entry, PeerRef? writer, List<ReplicationEffect> effects)
    {
        Identifier place = ObjectPlace.Of(entry.Id, state.RingBits);
        foreach (Claim claim in state.Claims)
        {
            if (writer is not null && claim.Owner != writer && claim.Arc.Contains(entry.Id) && place.DistanceTo(claim.Owner.Id) < place.DistanceTo(writer.Id))
                effects.Add(new ReplicationEffect.Offer(claim.Owner));
        }
        // The index may be ahead of what it is told. Of a later version we hear yet; of this one we hear only now from whom it is.
        if (state.Index.VersionOf(entry.Id) > entry.Version)
            return state;
        ReplicationState next = state.Index.Has(entry.Id, entry.Version) ? state : state with { Index = state.Index.With(entry) };
        // A write of our own tells who missed it. What others bring, our replicas do not have because we have it.
        return writer is not null && state.Own is { } own && own.Contains(entry.Id) ? LagAllBut(next, writer) : next;
    }

    /// <summary>What is missing here is somewhere else; until it is back, what we hold is not all that was acknowledged.</summary>
    private static ReplicationState Lose(ReplicationState state, Identifier id, List<ReplicationEffect> effects)
    {
        ReplicationState next = state with { Index = state.Index.Without(id) };
        foreach (Claim claim in state.Claims)
        {
            // Its owner would find out at the next check, and until then believe in a copy that is not there.
            if (claim.Arc.Contains(id))
                effects.Add(new ReplicationEffect.Offer(claim.Owner));
        }
        // Comparisons under way began when it was still there.
        return next.Own is { } own && own.Contains(id)
            ? Settle(HearSources(next with { Settling = true, Heard = [], Comparisons = next.Comparisons.RemoveAll(comparison => comparison.Purpose != ComparisonPurpose.Farewell) }, effects))
            : next;
    }

    private static ReplicationState GoRound(ReplicationState state, List<ReplicationEffect> effects)
    {
        ReplicationState next = state with { Round = state.Round + 1 };
        next = next with { Claims = next.Claims.RemoveAll(claim => next.Round - claim.Round > ClaimLife) };
        if (next.Own is null || next.Leaving)
            return next;
        next = HearSources(next, effects);
        foreach (PeerRef replica in next.Replicas.ToArray())
        {
            if (next.Lagging.Contains(replica) || next.Round % RoundsBetweenChecks == 0)
                next = Compare(next, ComparisonPurpose.Replica, replica, effects);
        }
        return SeekOwnerOfStrays(next, effects);
    }

    private static ReplicationState TakeClaim(ReplicationState state, PeerRef owner, Arc arc)
    {
        // Our own arc by somebody else: one of us is behind the times, and the ring will tell.
        if (owner.Id == state.Self.Id || arc.Contains(ObjectPlace.ObjectsOn(new Arc(state.Self.Id, state.Self.Id)).To))
            return state;
        bool known = state.Claims.Any(claim => claim.Owner == owner && claim.Arc == arc);
        ImmutableArray<Claim> claims = state.Claims.RemoveAll(claim => claim.Owner.Id == owner.Id).Add(new Claim(owner, arc, state.Round));
        return state with
        {
            Claims = claims.Length > MaxClaims ? claims.RemoveAt(0) : claims,
            ChangedInRound = known ? state.ChangedInRound : state.Round,
        };
    }

    private static ReplicationState TakeOffer(ReplicationState state, PeerRef former, List<ReplicationEffect> effects)
    {
        if (state.Own is null || former.Id == state.Self.Id)
            return state;
        ReplicationState next = state with { Settling = true, Heard = state.Heard.Remove(former), Offers = [former] };
        return HearSources(next, effects);
    }

    private static ReplicationState LagAllBut(ReplicationState state, PeerRef holder)
    {
        foreach (PeerRef replica in state.Replicas.ToArray())
            state = replica == holder ? state : Lag(state, replica);
        return state;
    }

    private static ReplicationState Lag(ReplicationState state, PeerRef replica) => state.Replicas.Contains(replica)
        ? state with
        {
            Lagging = state.Lagging.Contains(replica) ? state.Lagging : state.Lagging.Add(replica),
            Comparisons = [.. state.Comparisons.Select(comparison => comparison.Peer == replica ? comparison with { Outdated = true } : comparison)],
        }
        : state;

    private static ReplicationState Leave(ReplicationState state, List<ReplicationEffect> effects) =>
        GoOnLeaving(state with { Leaving = true, Comparisons = [] }, asked: [], effects);

    /// <param name="asked">Successors that the own arc has been, or is being, compared with.</param>
    private static ReplicationState GoOnLeaving(ReplicationState state, ImmutableArray<PeerRef> asked, List<ReplicationEffect> effects)
    {
        foreach (PeerRef successor in state.Successors.Except(asked))
            state = Compare(state, ComparisonPurpose.Farewell, successor, effects);
        // A comparison with somebody who is gone has ended with the change of the ring.
        return EndLeaving(state, effects);
    }

    private static ReplicationState EndLeaving(ReplicationState state, List<ReplicationEffect> effects)
    {
        if (state.Leaving && state.Comparisons.IsEmpty)
            effects.Add(new ReplicationEffect.LeaveReady());
        return state;
    }

    private static ReplicationState Settle(ReplicationState state) =>
        state is { Settling: true, Own: not null } && state.Unheard.IsEmpty ? state with { Settling = false, Heard = [], Offers = [] } : state;

    private static ImmutableArray<PeerRef> SuccessorsOf(ReplicationState state, PeerState ring) => ring.IsMember ? [.. ring.Successors.Peers.Take(state.Copies)] : [];

    private static Arc? OwnArc(PeerState ring) => ring switch
    {
        { IsMember: true, Predecessor: { } predecessor } => ObjectPlace.ObjectsOn(new Arc(predecessor.Id, ring.Self.Id)),
        { IsAlone: true } => ObjectPlace.ObjectsOn(new Arc(ring.Self.Id, ring.Self.Id)),
        _ => null,
    };

    /// <summary>Whether an arc lies within another that ends at the same place.</summary>
    private static bool IsWithin(Arc arc, Arc? other) =>
        other is { } outer && (outer.From == arc.From || outer.From == outer.To || (outer.Contains(arc.From) && arc.From != arc.To));
}
