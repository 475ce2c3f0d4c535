using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>What Zave (TSE 2017) proves the corrected protocol correct under: the invariant, and the failures that her environment allows.</summary>
internal static class Contract
{
    /// <summary>
    /// Whether this peer may fail now: afterwards every member still has a living successor, and there are at least r + 1 principals. Answers on
    /// their way count as arrived already: in the proof, reading another peer and writing oneself are one step.
    /// </summary>
    public static bool AllowsFailureOf(InMemoryRing ring, PeerRef peer)
    {
        List<PeerRef> left = [.. ring.Members.Select(state => state.Self).Where(member => member != peer)];
        List<(PeerRef Self, SuccessorList List)> lists =
        [
            .. ring.Members.Select(state => (state.Self, state.Successors)),
            .. ring.OutcomesUnderWay.Select(pair => (pair.Asker.Self, ContractRules.ListAfter(pair.Asker, pair.Outcome))),
        ];
        lists.RemoveAll(entry => entry.Self == peer);
        return ContractRules.BreachOf(left, lists, ring.Parameters.SuccessorListLength, countsPrincipals: true) is null;
    }

    /// <summary>How many members no member's list leaves out.</summary>
    public static int CountPrincipals(InMemoryRing ring) => ContractRules.CountPrincipals(
        [.. ring.Members.Select(state => state.Self)], [.. ring.Members.Select(state => (state.Self, state.Successors))]);
}
