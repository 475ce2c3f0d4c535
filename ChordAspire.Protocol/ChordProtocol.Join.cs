namespace ChordAspire.Protocol;

public static partial class ChordProtocol
{
    private static Step StartRing(PeerState state) =>
        state.Phase is MemberPhase.Outside or MemberPhase.Joining
            ? Step.Then(
                Lonely(state) with { Phase = MemberPhase.Member },
                new Effect.Report(new ChordNotice.BecameMember(Predecessor: null)))
            : Step.Stay(state);

    /// <summary>Begins to join. A peer alone on its own ring may give that ring up for the contact's, as long as nobody has joined it.</summary>
    private static Step JoinThrough(PeerState state, PeerRef contact) => state switch
    {
        { Phase: MemberPhase.Outside or MemberPhase.Joining } or { IsAlone: true, Predecessor: null, Phase: MemberPhase.Member } =>
            Step.Then(Lonely(state) with { Phase = MemberPhase.Joining }, new Effect.LookUp(state.Self.Id, LookupPurpose.Join, contact)),
        // Whoever wanted it waits for an outcome.
        { Phase: MemberPhase.Member } => Step.Then(state, new Effect.Report(new ChordNotice.BecameMember(state.Predecessor))),
        _ => Step.Stay(state),
    };

    private static PeerState Lonely(PeerState state) =>
        state with { Predecessor = null, Successors = SuccessorList.Alone, Query = null, Newcomer = null, FingerLookupUnderWay = false };

    private static Step AskPredecessorToBe(PeerState state, LookupOutcome outcome)
    {
        if (state.Phase != MemberPhase.Joining)
            return Step.Stay(state);
        return outcome switch
        {
            { Owner: { } owner } when owner.Id == state.Self.Id && owner.Address != state.Self.Address =>
                Step.Then(state, new Effect.JoinFailed(JoinFailure.IdentifierTaken, owner)),
            { Predecessor: { } predecessor } when predecessor.Id != state.Self.Id =>
                Ask(state, QueryPurpose.Join, predecessor),
            _ => Step.Then(state, new Effect.JoinFailed(JoinFailure.NoAnswer, Peer: null)),
        };
    }

    /// <summary>Takes the predecessor's whole list in one step, so that this peer is born with r successors (Zave 2017, <i>join</i>).</summary>
    private static Step Join(PeerState state, PeerRef predecessor, Neighbors told)
    {
        Identifier end = told.Successors.First?.Id ?? predecessor.Id;
        if (!state.Self.Id.IsBetween(predecessor.Id, end))
        {
            JoinFailure reason = end == state.Self.Id ? JoinFailure.StillRemembered : JoinFailure.PlaceMoved;
            return Step.Then(state with { Query = null }, new Effect.JoinFailed(reason, predecessor));
        }
        SuccessorList successors = SuccessorList.AtBirth(state.Self, predecessor, told.Successors, state.Parameters.SuccessorListLength, out PeerRef? disorder);
        PeerState member = state with { Phase = MemberPhase.Member, Predecessor = predecessor, Successors = successors, Query = null };
        Step step = Stabilize(member).And(new Effect.Report(new ChordNotice.BecameMember(predecessor)));
        return disorder is null ? step : step.And(Disorder(state.Self, predecessor, disorder));
    }
}
