using System.Collections.Immutable;

namespace ChordAspire.Protocol;

public static partial class Replication
{
    private static ReplicationState HearSources(ReplicationState state, List<ReplicationEffect> effects)
    {
        if (state.Own is null || state.Leaving)
            return state;
        foreach (PeerRef source in state.Unheard)
            state = Compare(state, state.Replicas.Contains(source) ? ComparisonPurpose.Replica : ComparisonPurpose.Source, source, effects);
        return state;
    }

    /// <summary>Begins a comparison of the own arc, unless one with this peer is under way.</summary>
    private static ReplicationState Compare(ReplicationState state, ComparisonPurpose purpose, PeerRef peer, List<ReplicationEffect> effects)
    {
        if (state.Own is not { } own || state.Comparisons.Any(comparison => comparison.Peer == peer))
            return state;
        var comparison = new Comparison(purpose, peer, state.LastNumber + 1, own, state.Index) { Questions = [new ArcQuestion(own, state.Index.DigestOf(own))] };
        state = state with { LastNumber = comparison.Number, Comparisons = state.Comparisons.Add(comparison) };
        return GoOn(state, comparison, effects);
    }

    private static ReplicationState TakeAnswers(ReplicationState state, ReplicationEvent.ArcsTold told, List<ReplicationEffect> effects)
    {
        if (Find(state, told.Number) is not { Asking: true } comparison)
            return state;
        comparison = comparison with { Asking = false, PeerReplicated = told.Replicated };
        if (comparison.Arc is null)
            return BeginWithStrays(state, comparison, told.Own, effects);
        if (told.Answers.Length != comparison.Asked.Length)
            return GiveUp(state, told.Number, effects);
        try
        {
            // Of strays only what was there at the beginning counts; of our own arc, what there is now.
            ObjectIndex index = comparison.Purpose == ComparisonPurpose.Stray ? comparison.Snapshot : state.Index;
            for (int i = 0; i < told.Answers.Length; i++)
                comparison = comparison.With(ArcComparison.Compare(index, comparison.Asked[i].Arc, told.Answers[i]));
        }
        catch (ArgumentException)
        {
            // No answer to what was asked: the other is broken, or not the one we know.
            return GiveUp(state, told.Number, effects);
        }
        return GoOn(state, comparison, effects);
    }

    private static ReplicationState EndTransfer(ReplicationState state, int number, bool done, List<ReplicationEffect> effects)
    {
        if (Find(state, number) is not { } comparison)
            return state;
        // Who takes one no more, leaving or gone itself, takes no other; the replicas have them all, and whoever leaves has no time.
        if (!done && comparison.Purpose == ComparisonPurpose.Farewell)
            return EndLeaving(Without(state, number), effects);
        return GoOn(state, comparison with { Transfers = comparison.Transfers - 1, Failed = comparison.Failed || !done }, effects);
    }

    private static ReplicationState GoOn(ReplicationState state, Comparison comparison, List<ReplicationEffect> effects)
    {
        Arc? claim = comparison.Purpose is ComparisonPurpose.Replica or ComparisonPurpose.Source ? state.Own : null;
        comparison = comparison.GoOn(claim, effects);
        if (!comparison.IsOver)
            return state with { Comparisons = [.. state.Comparisons.Select(other => other.Number == comparison.Number ? comparison : other)] };
        state = Without(state, comparison.Number);
        if (comparison.Failed)
            return EndLeaving(state, effects);
        return comparison.Purpose switch
        {
            ComparisonPurpose.Stray => DropStrays(state, comparison, effects),
            ComparisonPurpose.Farewell => EndLeaving(state, effects),
            _ => Settle(state with
            {
                Lagging = comparison is { Purpose: ComparisonPurpose.Replica, Outdated: false } ? state.Lagging.Remove(comparison.Peer) : state.Lagging,
                Heard = state.Settling && !state.Heard.Contains(comparison.Peer) ? state.Heard.Add(comparison.Peer) : state.Heard,
            }),
        };
    }

    /// <summary>The other is silent. It stays lagging and unheard, and the ring drops it before long.</summary>
    private static ReplicationState GiveUp(ReplicationState state, int number, List<ReplicationEffect> effects)
    {
        if (Find(state, number) is not { } comparison)
            return state;
        state = Without(state, number) with { Offers = state.Offers.Remove(comparison.Peer) };
        return EndLeaving(Settle(Lag(state, comparison.Peer)), effects);
    }

    private static Comparison? Find(ReplicationState state, int number)
    {
        foreach (Comparison comparison in state.Comparisons)
        {
            if (comparison.Number == number)
                return comparison;
        }
        return null;
    }

    private static ReplicationState Without(ReplicationState state, int number) =>
        state with { Comparisons = state.Comparisons.RemoveAll(comparison => comparison.Number == number) };
}
