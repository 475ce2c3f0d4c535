using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>Zave's definitions (TSE 2017), word by word and without a thought for speed.</summary>
internal static class NaiveInvariants
{
    public static ViolationKind? Check(PeerState[] members, int r)
    {
        PeerState[] onRing = [.. members.Where(member => Reaches(members, member).Contains(member))];
        if (onRing.Length == 0)
            return ViolationKind.LostRing;
        if (onRing.Any(one => onRing.Any(other => !Reaches(members, one).Contains(other))))
            return ViolationKind.TwoRings;
        if (onRing.Any(one => onRing.Any(other => other.Self.Id.IsBetween(one.Self.Id, Best(members, one)!.Self.Id))))
            return ViolationKind.DisorderedRing;
        if (members.Any(member => !onRing.Contains(member) && !Reaches(members, member).Any(onRing.Contains)))
            return ViolationKind.StrandedAppendage;
        if (members.Any(member => Best(members, member) is null))
            return ViolationKind.NoLiveSuccessor;
        if (members.Length > r && Principals(members) < r + 1)
            return ViolationKind.TooFewPrincipals;
        foreach (PeerState member in members.OrderBy(member => member.Self.Id))
        {
            Identifier[] extended = [member.Self.Id, .. member.Successors.Peers.Select(peer => peer.Id)];
            if (extended.Distinct().Count() != extended.Length)
                return ViolationKind.DuplicateSuccessors;
            if (!IsOrdered(extended))
                return ViolationKind.DisorderedSuccessors;
        }
        return null;
    }

    public static int Principals(PeerState[] members) =>
        members.Count(one => !members.Any(other => Skips(other, one.Self.Id)));

    private static bool Skips(PeerState member, Identifier id)
    {
        Identifier[] extended = [member.Self.Id, .. member.Successors.Peers.Select(peer => peer.Id)];
        return extended.Zip(extended.Skip(1)).Any(pair => id.IsBetween(pair.First, pair.Second));
    }

    private static bool IsOrdered(Identifier[] extended)
    {
        for (int x = 0; x < extended.Length; x++)
        {
            for (int y = x + 1; y < extended.Length; y++)
            {
                for (int z = y + 1; z < extended.Length; z++)
                {
                    if (!extended[y].IsBetween(extended[x], extended[z]))
                        return false;
                }
            }
        }
        return true;
    }

    private static PeerState? Best(PeerState[] members, PeerState member)
    {
        foreach (PeerRef entry in member.Successors.Peers)
        {
            if (Array.Find(members, other => other.Self.Id == entry.Id) is { } living)
                return living;
        }
        return member.Successors is { Count: 0, SpansRing: true } ? member : null;
    }

    private static HashSet<PeerState> Reaches(PeerState[] members, PeerState from)
    {
        HashSet<PeerState> reached = new(ReferenceEqualityComparer.Instance);
        for (PeerState? at = Best(members, from); at is not null && reached.Add(at); at = Best(members, at))
        {
        }
        return reached;
    }
}
