using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Chord as it was published: join, stabilize and notify of SIGCOMM 2001 (figure 6), with the successor lists of its §5.2 and the reconcile, update and flush of
/// the PODC 2002 analysis. Known to be wrong (Zave, CCR 2012); it is here so that our checks can be seen to find that out.
/// </summary>
/// <remarks>
/// The same states, events and effects as the production rules; an empty list stands for the successor pointer to oneself that a ring of one has in the paper.
/// Reconcile and flush go by the timer that fixes fingers elsewhere: each event has a schedule of its own, and fingers do not matter here. Three things are missing that the corrected protocol has: a full list at birth, a check that a pointer's peer
/// answers before it is adopted, and a step that counts as one although it reads somebody else.
/// </remarks>
public static class OriginalProtocol
{
    /// <summary>For command lines and scripts.</summary>
    public const string Name = "original";

    private const int ForStabilize = 1;
    private const int ForReconcile = 2;

    public static Step Handle(PeerState state, ChordEvent input) => input switch
    {
        ChordEvent.StartRing or ChordEvent.StandAlone =>
            Become(state with { Predecessor = null, Successors = SuccessorList.Alone }, predecessor: null),
        ChordEvent.JoinThrough(PeerRef contact) when !state.IsMember =>
            Step.Then(state with { Phase = MemberPhase.Joining }, new Effect.LookUp(state.Self.Id, LookupPurpose.Join, contact)),
        ChordEvent.LookupEnded({ Finger: null }, LookupOutcome outcome) when state.Phase == MemberPhase.Joining => Join(state, outcome),
        ChordEvent.StabilizeDue when state.IsMember => Stabilize(state),
        ChordEvent.NeighborsAsked(long token) => Step.Then(state, new Effect.AnswerNeighbors(token, state.IsMember ? state.Neighbors : null)),
        ChordEvent.FixFingersDue when state.IsMember => AskForList(state),
        ChordEvent.NeighborsTold(PeerRef peer, ForStabilize, Neighbors told) when state.IsMember && peer == state.Successors.First =>
            TakePredecessor(state, told.Predecessor),
        ChordEvent.NeighborsTold(PeerRef peer, ForReconcile, Neighbors told) when state.IsMember && peer == state.Successors.First =>
            Reconcile(state, peer, told),
        ChordEvent.NeighborsNotTold(PeerRef peer, _) when state.IsMember && peer == state.Successors.First => Update(state),
        ChordEvent.Notified(PeerRef peer) when state.IsMember => Notified(state, peer),
        ChordEvent.PingNotAnswered(PeerRef peer) when peer == state.Predecessor => Step.Stay(state with { Predecessor = null }),
        ChordEvent.LeaveRequested when state.IsMember => Step.Then(state with { Phase = MemberPhase.Leaving }, new Effect.HandOverEverything()),
        ChordEvent.HandedOver => Step.Then(state with { Phase = MemberPhase.Left }, new Effect.Report(new ChordNotice.LeftRing())),
        _ => Step.Stay(state),
    };

    private static Step Become(PeerState state, PeerRef? predecessor) =>
        Step.Then(state with { Phase = MemberPhase.Member }, new Effect.Report(new ChordNotice.BecameMember(predecessor)));

    /// <summary><c>n.join(n')</c>: the predecessor is nil, the successor is what the lookup found, and that is all of the list.</summary>
    private static Step Join(PeerState state, LookupOutcome outcome) =>
        outcome.Owner is { } successor && successor.Id != state.Self.Id
            ? Become(state with { Predecessor = null, Successors = List([successor]) }, predecessor: null)
            : Step.Then(state, new Effect.JoinFailed(JoinFailure.StillRemembered, outcome.Owner));

    /// <summary>Asks the successor for its predecessor.</summary>
    private static Step Stabilize(PeerState state)
    {
        if (state.Successors.First is { } successor)
            return Step.Then(state, new Effect.AskNeighbors(successor, ForStabilize));
        // A ring of one: the successor is this peer, and its predecessor lies between it and itself.
        return state.Predecessor is { } other ? Step.Then(state with { Successors = List([other]) }, new Effect.Notify(other)) : Step.Stay(state);
    }

    /// <summary>On the other timer: asks the successor for its list (reconcile), and sees whether the predecessor is there (flush).</summary>
    private static Step AskForList(PeerState state)
    {
        Step step = Step.Stay(state);
        if (state.Successors.First is { } successor)
            step = step.And(new Effect.AskNeighbors(successor, ForReconcile));
        return state.Predecessor is { } predecessor ? step.And(new Effect.Ping(predecessor)) : step;
    }

    /// <summary>The successor's predecessor becomes the successor when it is closer, and nobody asks whether it is alive. The rest of the list stays as it was.</summary>
    private static Step TakePredecessor(PeerState state, PeerRef? closer)
    {
        PeerState next = state;
        if (closer is not null && closer.Id.IsBetween(state.Self.Id, state.Successors.First!.Id))
            next = state with { Successors = List([closer, .. state.Successors.Peers.Skip(1)]) };
        return Step.Then(next, new Effect.Notify(next.Successors.First!), new Effect.Report(new ChordNotice.RoundDone()));
    }

    /// <summary>The list becomes the successor and the successor's list without its last entry, be this peer itself among them.</summary>
    private static Step Reconcile(PeerState state, PeerRef successor, Neighbors told)
    {
        ImmutableArray<PeerRef> list = [.. told.Successors.Peers.Prepend(successor).Take(state.Parameters.SuccessorListLength)];
        return Step.Stay(list.SequenceEqual(state.Successors.Peers) ? state : state with { Successors = List(list) });
    }

    /// <summary>The successor is silent: the next one in the list takes its place. With none left there is nobody to turn to.</summary>
    private static Step Update(PeerState state) =>
        state.Successors.Count > 1
            ? Step.Then(state with { Successors = state.Successors.WithoutFirst() }, new Effect.Report(new ChordNotice.PeerDropped(state.Successors.First!)))
            : Step.Stay(state);

    private static SuccessorList List(ImmutableArray<PeerRef> peers) => new(peers, spansRing: false);

    private static Step Notified(PeerState state, PeerRef peer) =>
        state.Predecessor is not { } old || peer.Id.IsBetween(old.Id, state.Self.Id) ? Step.Stay(state with { Predecessor = peer }) : Step.Stay(state);
}
