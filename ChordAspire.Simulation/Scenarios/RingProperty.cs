using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The seven properties that PODC 2002 claims to be invariant, as CCR 2012 words them. The first three are useful and get repaired, the others do not.</summary>
public enum RingProperty
{
    /// <summary>An appendage merges into the ring at its place in the order of identifiers.</summary>
    OrderedMerges,

    /// <summary>A member of an appendage whose successor is in it too skips nobody whom it reaches.</summary>
    OrderedAppendages,

    /// <summary>If w's list skips a member v, then v is not in the list of any member whose first living successor is w.</summary>
    ValidSuccessorList,

    ConnectedAppendages,

    AtLeastOneRing,

    OrderedRing,

    AtMostOneRing,
}

/// <summary>Whether a property holds, by its definition.</summary>
internal static class RingProperties
{
    public static bool Holds(this RingProperty property, IEnumerable<PeerState> living)
    {
        PeerState[] members = [.. living];
        return property switch
        {
            RingProperty.OrderedMerges => Appendages(members).All(one => Best(members, one) is not { } at || !IsOnRing(members, at) || IsNearest(at, one, members.Where(other => IsOnRing(members, other)))),
            RingProperty.OrderedAppendages => Appendages(members).All(one => Best(members, one) is not { } at || IsOnRing(members, at) || IsNearest(at, one, Walk(members, at))),
            RingProperty.ValidSuccessorList => members.All(one => Best(members, one) is not { } next || members.All(skipped => !Skips(next, skipped) || !one.Successors.Contains(skipped.Self.Id))),
            RingProperty.ConnectedAppendages => Appendages(members).All(one => Walk(members, one).Any(at => IsOnRing(members, at))),
            RingProperty.AtLeastOneRing => members.Any(one => IsOnRing(members, one)),
            RingProperty.OrderedRing => OnRing(members).All(one => IsNearest(Best(members, one)!, one, Walk(members, one))),
            RingProperty.AtMostOneRing => OnRing(members).All(one => OnRing(members).All(other => Walk(members, one).Contains(other))),
            _ => throw new ArgumentOutOfRangeException(nameof(property)),
        };
    }

    private static IEnumerable<PeerState> OnRing(PeerState[] members) => members.Where(one => IsOnRing(members, one));

    private static IEnumerable<PeerState> Appendages(PeerState[] members) => members.Where(one => !IsOnRing(members, one));

    private static bool IsOnRing(PeerState[] members, PeerState one) => Walk(members, one).Contains(one);

    /// <summary>Whether none of these lies between the peer and its successor.</summary>
    private static bool IsNearest(PeerState successor, PeerState one, IEnumerable<PeerState> others) =>
        !others.Any(other => other.Self.Id.IsBetween(one.Self.Id, successor.Self.Id));

    private static bool Skips(PeerState member, PeerState other)
    {
        Identifier before = member.Self.Id;
        foreach (PeerRef entry in member.Successors.Peers)
        {
            if (other.Self.Id.IsBetween(before, entry.Id))
                return true;
            before = entry.Id;
        }
        return false;
    }

    private static PeerState? Best(PeerState[] members, PeerState one)
    {
        foreach (PeerRef entry in one.Successors.Peers)
        {
            if (Array.Find(members, other => other.Self.Id == entry.Id) is { } living)
                return living;
        }
        return one.Successors is { Count: 0, SpansRing: true } ? one : null;
    }

    /// <summary>Who is reached by following first living successors, until they repeat.</summary>
    private static HashSet<PeerState> Walk(PeerState[] members, PeerState from)
    {
        HashSet<PeerState> reached = new(ReferenceEqualityComparer.Instance);
        for (PeerState? at = Best(members, from); at is not null && reached.Add(at); at = Best(members, at))
        {
        }
        return reached;
    }
}
