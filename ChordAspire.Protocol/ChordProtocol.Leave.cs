namespace ChordAspire.Protocol;

public static partial class ChordProtocol
{
    /// <summary>Begins to leave: hands over first, and stays a member until that is done. To the others, leaving is failing with notice.</summary>
    private static Step Leave(PeerState state) => state switch
    {
        { Phase: MemberPhase.Member, Successors.Count: > 0 } => Step.Then(state with { Phase = MemberPhase.Leaving }, new Effect.HandOverEverything()),
        { Phase: MemberPhase.Leaving or MemberPhase.Left } => Step.Stay(state),
        _ => Depart(state),
    };

    private static Step Depart(PeerState state)
    {
        if (state.Phase == MemberPhase.Left)
            return Step.Stay(state);
        Step step = Step.Stay(state with { Phase = MemberPhase.Left, Query = null, Newcomer = null });
        if (state.Predecessor is { } predecessor)
            step = step.And(new Effect.TellDeparture(predecessor));
        if (state.Successors.First is { } successor && successor != state.Predecessor)
            step = step.And(new Effect.TellDeparture(successor));
        return step.And(new Effect.Report(new ChordNotice.LeftRing()));
    }

    /// <summary>A neighbour said goodbye: as if it had been found silent, only sooner.</summary>
    private static Step Forget(PeerState state, PeerRef peer)
    {
        if (!state.IsMember)
            return Step.Stay(state);
        bool wasSuccessor = state.Successors.First?.Id == peer.Id;
        PeerState next = state with
        {
            Fingers = state.Fingers.Without(peer),
            Successors = state.Successors.Without(peer),
            Predecessor = state.Predecessor?.Id == peer.Id ? state.Newcomer : state.Predecessor,
            Newcomer = state.Predecessor?.Id == peer.Id ? null : state.Newcomer,
            Query = wasSuccessor ? null : state.Query,
        };
        if (next.Successors.Count == 0 && !next.Successors.SpansRing)
            return GoOnFromOthers(next, peer);
        return wasSuccessor ? Stabilize(next) : Step.Stay(next);
    }
}
