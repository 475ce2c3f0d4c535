using System.Diagnostics;

namespace ChordAspire.Protocol;

/// <summary>Corrected Chord (Zave, TSE 2017) as one total function: (state, event) → (next state, effects).</summary>
/// <remarks>
/// Each step reads at most one other peer and writes only its own state. No pointer is adopted until the peer behind it has answered.
/// The driver feeds events one at a time and carries out the effects; it has no opinions of its own.
/// </remarks>
public static partial class ChordProtocol
{
    public static Step Handle(PeerState state, ChordEvent input)
    {
        Step step = input switch
        {
            ChordEvent.StabilizeDue => Stabilize(state),
            ChordEvent.FixFingersDue => FixFingers(state),
            ChordEvent.NeighborsAsked(long token) => AnswerNeighbors(state, token),
            ChordEvent.NeighborsTold(PeerRef peer, int question, Neighbors told) => TakeNeighbors(state, peer, question, told),
            ChordEvent.NeighborsNotTold(PeerRef peer, int question) => MissNeighbors(state, peer, question),
            ChordEvent.Notified(PeerRef peer) => Rectify(state, peer),
            ChordEvent.PingAnswered(PeerRef peer) => KeepPredecessor(state, peer),
            ChordEvent.PingNotAnswered(PeerRef peer) => ReplacePredecessor(state, peer),
            ChordEvent.Suspected(PeerRef peer) => Suspect(state, peer),
            ChordEvent.Departed(PeerRef peer) => Forget(state, peer),
            ChordEvent.LookupEnded(LookupPurpose purpose, LookupOutcome outcome) => EndLookup(state, purpose, outcome),
            ChordEvent.StartRing or ChordEvent.StandAlone => StartRing(state),
            ChordEvent.JoinThrough(PeerRef contact) => JoinThrough(state, contact),
            ChordEvent.LeaveRequested => Leave(state),
            ChordEvent.HandedOver => Depart(state),
            _ => throw new UnreachableException($"Chord has no event {input}."),
        };
        return WithNotices(state, step);
    }

    private static Step EndLookup(PeerState state, LookupPurpose purpose, LookupOutcome outcome) =>
        purpose.Finger is { } finger ? SetFingers(state, finger, outcome) : AskPredecessorToBe(state, outcome);

    /// <summary>Reports what changed between the two states, and what the local monitors think of the new one.</summary>
    private static Step WithNotices(PeerState before, Step step)
    {
        PeerState after = step.State;
        if (after.Successors.Count == after.Parameters.SuccessorListLength && !after.RingReady)
        {
            after = after with { RingReady = true };
            step = new Step(after, step.Effects).And(new Effect.Report(new ChordNotice.RingBecameReady()));
        }
        if (!ReferenceEquals(before.Successors, after.Successors))
        {
            if (before.Successors.First != after.Successors.First)
                step = step.And(new Effect.Report(new ChordNotice.SuccessorChanged(before.Successors.First, after.Successors.First)));
            if (LocalMonitors.Check(after) is { } tripped)
                step = step.And(new Effect.Report(tripped));
        }
        if (before.Predecessor != after.Predecessor)
            step = step.And(new Effect.Report(new ChordNotice.PredecessorChanged(before.Predecessor, after.Predecessor)));
        return step;
    }

    private static Effect.Report Disorder(PeerRef self, PeerRef teller, PeerRef disorder) =>
        new(new ChordNotice.MonitorTripped(nameof(LocalMonitors.OrderedSuccessorLists), $"{teller} told {self} of {disorder} out of order."));
}
