using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What the contract asks of those whom a failure leaves behind, given all lists that there are and that are on their way.</summary>
internal static class ContractRules
{
    public static ContractBreach? BreachOf(List<PeerRef> left, List<(PeerRef Self, SuccessorList List)> lists, int length, bool countsPrincipals)
    {
        if (!lists.TrueForAll(entry => HasLiving(entry.List, left)))
            return ContractBreach.AllSuccessorsLost;
        return countsPrincipals && CountPrincipals(left, lists) <= length ? ContractBreach.TooFewPrincipals : null;
    }

    public static int CountPrincipals(List<PeerRef> members, List<(PeerRef Self, SuccessorList List)> lists)
    {
        int principals = 0;
        foreach (PeerRef member in members)
            principals += lists.TrueForAll(entry => !LeavesOut(entry.Self, entry.List, member.Id)) ? 1 : 0;
        return principals;
    }

    /// <summary>The list of whoever asked, once this answer has arrived; null: no member, or silence.</summary>
    public static SuccessorList ListAfter(PeerState asker, PeerRef teller, Neighbors? told)
    {
        int length = asker.Parameters.SuccessorListLength;
        if (told is null)
            return asker.Successors.First == teller ? asker.Successors.WithoutFirst() : asker.Successors;
        // Somebody has read the asker since: what the answer would change is taken back, so it is the list that there is which counts.
        if (asker.Query is { Disturbed: true })
            return asker.Successors;
        return asker.IsMember
            ? SuccessorList.Behind(asker.Self, teller, told.Successors, length, out _)
            : SuccessorList.AtBirth(asker.Self, teller, told.Successors, length, out _);
    }

    /// <summary>The list of whoever asked, once this outcome has arrived.</summary>
    public static SuccessorList ListAfter(PeerState asker, ChordEvent outcome) => outcome switch
    {
        ChordEvent.NeighborsTold(var peer, _, var told) => ListAfter(asker, peer, told),
        ChordEvent.NeighborsNotTold(var peer, _) => ListAfter(asker, peer, told: null),
        _ => asker.Successors,
    };

    private static bool HasLiving(SuccessorList list, List<PeerRef> left)
    {
        foreach (PeerRef entry in list.Peers)
        {
            if (left.Contains(entry))
                return true;
        }
        return false;
    }

    /// <summary>Whether two neighbouring entries of [self, list] have this identifier between them (Zave's <i>skips</i>).</summary>
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
}
