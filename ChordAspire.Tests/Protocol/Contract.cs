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
        PeerRef[] left = [.. ring.Members.Select(state => state.Self).Where(member => member != peer)];
        (PeerRef Self, SuccessorList List)[] lists =
        [
            .. ring.Members.Select(state => (state.Self, state.Successors)),
            .. ring.OutcomesUnderWay.Select(pair => (pair.Asker.Self, ListAfter(pair.Asker, pair.Outcome))),
        ];
        return Array.TrueForAll(lists, entry => entry.Self == peer || entry.List.Peers.Any(left.Contains))
            && Principals(left, [.. lists.Where(entry => entry.Self != peer)]).Count() > ring.Parameters.SuccessorListLength;
    }

    /// <summary>The members that no member's list leaves out.</summary>
    public static IEnumerable<PeerRef> Principals(InMemoryRing ring) =>
        Principals([.. ring.Members.Select(state => state.Self)], [.. ring.Members.Select(state => (state.Self, state.Successors))]);

    private static IEnumerable<PeerRef> Principals(PeerRef[] members, (PeerRef Self, SuccessorList List)[] lists) =>
        members.Where(member => !lists.Any(entry => LeavesOut(entry.Self, entry.List, member.Id)));

    /// <summary>Whether two neighbouring entries of [self, list] have this identifier between them (<i>skips</i>).</summary>
    private static bool LeavesOut(PeerRef self, SuccessorList list, Identifier id)
    {
        Identifier before = self.Id;
        foreach (PeerRef entry in list.Peers)
        {
            if (id.IsBetween(before, entry.Id))
                return true;
            before = entry.Id;
        }
        return false;
    }

    private static SuccessorList ListAfter(PeerState asker, ChordEvent outcome) => outcome switch
    {
        ChordEvent.NeighborsTold(PeerRef peer, _, Neighbors told) when asker.IsMember =>
            SuccessorList.Behind(asker.Self, peer, told.Successors, asker.Parameters.SuccessorListLength, out _),
        ChordEvent.NeighborsTold(PeerRef peer, _, Neighbors told) =>
            SuccessorList.AtBirth(asker.Self, peer, told.Successors, asker.Parameters.SuccessorListLength, out _),
        ChordEvent.NeighborsNotTold(PeerRef peer, _) when asker.Successors.First == peer => asker.Successors.WithoutFirst(),
        _ => asker.Successors,
    };
}
