namespace ChordAspire.Protocol;

/// <remarks>A stray is an object that a peer holds though it neither owns it nor is counted on by its owner.</remarks>
public static partial class Replication
{
    private static ReplicationState SeekOwnerOfStrays(ReplicationState state, List<ReplicationEffect> effects)
    {
        if (state.OwnerSearchUnderWay || !(state.StraysAreNew || IsCalm(state)) || state.Comparisons.Any(comparison => comparison.Purpose == ComparisonPurpose.Stray))
            return state;
        if (FirstStray(state) is not { } stray)
            return state with { StraysAreNew = false };
        effects.Add(new ReplicationEffect.FindOwner(stray.Id));
        return state with { OwnerSearchUnderWay = true };
    }

    private static bool IsCalm(ReplicationState state) => state.Round - state.ChangedInRound >= RoundsBeforeStrays;

    /// <summary>Walks the circle from the end of the own arc, from gap to gap between what is owned and claimed.</summary>
    private static ObjectEntry? FirstStray(ReplicationState state)
    {
        Arc own = state.Own!.Value;
        if (own.From == own.To)
            return null;
        var rest = new Arc(own.To, own.From);
        // Each claim can be jumped over once, and once more where the walk began within it.
        for (int i = 0; i <= 2 * state.Claims.Length; i++)
        {
            if (state.Index.DigestOf(rest).Count == 0)
                return null;
            ObjectEntry first = state.Index.AtOn(rest, 0);
            int claim = IndexOfClaimOn(state, first.Id);
            if (claim < 0)
                return first;
            Identifier end = state.Claims[claim].Arc.To;
            if (end == rest.To || !end.IsBetween(rest.From, rest.To))
                return null;
            rest = new Arc(end, rest.To);
        }
        return null;
    }

    private static int IndexOfClaimOn(ReplicationState state, Identifier objectId)
    {
        for (int i = 0; i < state.Claims.Length; i++)
        {
            if (state.Claims[i].Arc.Contains(objectId))
                return i;
        }
        return -1;
    }

    private static ReplicationState CompareStrays(ReplicationState state, PeerRef? owner, List<ReplicationEffect> effects)
    {
        state = state with { OwnerSearchUnderWay = false };
        if (owner is null || owner.Id == state.Self.Id || state.Own is null || state.Leaving || state.Comparisons.Any(comparison => comparison.Peer == owner))
            return state;
        // What it owns it has to say itself, and in what state it is.
        var comparison = new Comparison(ComparisonPurpose.Stray, owner, state.LastNumber + 1, Arc: null, state.Index) { Asking = true };
        effects.Add(new ReplicationEffect.AskArcs(owner, comparison.Number, Claim: null, []));
        return state with { LastNumber = comparison.Number, Comparisons = state.Comparisons.Add(comparison) };
    }

    private static ReplicationState BeginWithStrays(ReplicationState state, Comparison comparison, Arc? theirs, List<ReplicationEffect> effects)
    {
        if (theirs is not { } arc || arc.From == arc.To)
            return Without(state, comparison.Number);
        comparison = comparison with { Arc = arc, Questions = [new ArcQuestion(arc, comparison.Snapshot.DigestOf(arc))] };
        return GoOn(state, comparison, effects);
    }

    /// <summary>The owner has all that we had when the comparison began, and says whether its replicas have it too. What it said before it got something from us does not count.</summary>
    private static ReplicationState DropStrays(ReplicationState state, Comparison comparison, List<ReplicationEffect> effects)
    {
        if (!comparison.PeerReplicated || comparison.Pushed || !IsCalm(state))
            return state;
        int drops = 0;
        foreach (ObjectEntry entry in comparison.Snapshot.On(comparison.Arc!.Value))
        {
            if (drops == MaxDrops)
                break;
            if (state.Covers(entry.Id) || state.Index.VersionOf(entry.Id) != entry.Version)
                continue;
            effects.Add(new ReplicationEffect.Drop(entry));
            drops++;
        }
        return state;
    }
}
