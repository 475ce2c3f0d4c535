using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What can be wrong with a ring. The first four are those that nothing in the protocol repairs (Zave, CCR 2012 and TSE 2017).</summary>
public enum ViolationKind
{
    /// <summary>Nobody reaches itself by following first living successors (not AtLeastOneRing).</summary>
    LostRing,

    /// <summary>There is more than one cycle of first living successors (not AtMostOneRing).</summary>
    TwoRings,

    /// <summary>The cycle skips a member of its own (not OrderedRing).</summary>
    DisorderedRing,

    /// <summary>A member outside the ring does not lead to it (not ConnectedAppendages).</summary>
    StrandedAppendage,

    /// <summary>A member has no living successor (not OneLiveSuccessor).</summary>
    NoLiveSuccessor,

    /// <summary>At most r members are left out by nobody's list: the other half of Zave's invariant.</summary>
    TooFewPrincipals,

    /// <summary>A peer stands twice in [self, list] (not NoDuplicates).</summary>
    DuplicateSuccessors,

    /// <summary>[self, list] is not in order (not OrderedSuccessorLists).</summary>
    DisorderedSuccessors,

    /// <summary>A peer's own monitor saw something.</summary>
    MonitorTripped,

    /// <summary>A peer was born with a shorter list than the predecessor that it was told by has (TSE 2017, <i>join</i>).</summary>
    ShortListAtBirth,

    /// <summary>The ring did not become ideal within the bound after faults had stopped.</summary>
    NotIdealInTime,

    /// <summary>In an ideal, quiet ring a lookup failed or named another peer than the owner.</summary>
    WrongOwner,

    /// <summary>The rules threw an exception.</summary>
    RulesBroke,
}

/// <summary>Something that must never be, and when it was first seen.</summary>
/// <param name="Detail">A sentence for people.</param>
public sealed record Violation(ViolationKind Kind, TimeSpan At, PeerRef? Peer, string Detail)
{
    /// <summary>What the invariant's checker means by a kind, in a sentence.</summary>
    public static string Describe(ViolationKind kind, PeerRef? peer)
    {
        string name = peer?.Id.ToBriefString() ?? "somebody";
        return kind switch
        {
            ViolationKind.LostRing => "Nobody reaches itself by first living successors.",
            ViolationKind.TwoRings => $"{name} is on a second ring.",
            ViolationKind.DisorderedRing => $"The ring goes past a member of its own behind {name}.",
            ViolationKind.StrandedAppendage => $"{name} is on no ring, and its successors lead to none.",
            ViolationKind.NoLiveSuccessor => $"Nobody in the list of {name} is alive.",
            ViolationKind.TooFewPrincipals => "All but r members, or more, are left out by somebody's list.",
            ViolationKind.DuplicateSuccessors => $"The list of {name} has somebody twice, or {name} itself.",
            ViolationKind.DisorderedSuccessors => $"The list of {name} is out of order.",
            _ => $"Seen at {name}.",
        };
    }

    /// <summary>Of the kinds that nothing repairs.</summary>
    public static bool IsUnrepairable(ViolationKind kind) => kind <= ViolationKind.StrandedAppendage;
}
