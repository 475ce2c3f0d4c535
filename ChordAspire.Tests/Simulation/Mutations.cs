using ChordAspire.Protocol;

namespace ChordAspire.Tests.Simulation;

/// <summary>Our protocol with one thing done wrong each. They stand between the driver and the production machine, which knows nothing of them.</summary>
internal static class Mutations
{
    /// <summary>Rectify takes it for granted that the old predecessor is alive.</summary>
    public static Step RectifyWithoutCheck(PeerState state, ChordEvent input)
    {
        Step step = ChordProtocol.Handle(state, input);
        foreach (Effect effect in step.Effects)
        {
            if (effect is Effect.Ping(var old))
                return ChordProtocol.Handle(step.State, new ChordEvent.PingAnswered(old));
        }
        return step;
    }

    /// <summary>Stabilize adopts a closer successor that it has heard of, without asking it first.</summary>
    public static Step AdoptUnanswered(PeerState state, ChordEvent input)
    {
        Step step = ChordProtocol.Handle(state, input);
        if (input is not ChordEvent.NeighborsTold(var teller, _, var told) || !state.IsMember)
            return step;
        foreach (Effect effect in step.Effects)
        {
            if (effect is Effect.AskNeighbors(var closer, int question) && closer == told.Predecessor && closer != teller)
                return ChordProtocol.Handle(step.State, new ChordEvent.NeighborsTold(closer, question, new Neighbors(state.Self, step.State.Successors)));
        }
        return step;
    }

    /// <summary>
    /// A closer successor becomes the head of the list, whose rest stays as it was, instead of taking over its list: the original protocol did
    /// so.
    /// </summary>
    public static Step AdoptHeadOnly(PeerState state, ChordEvent input)
    {
        Step step = ChordProtocol.Handle(state, input);
        return state.IsMember && input is ChordEvent.NeighborsTold(var teller, _, _)
            && teller != state.Successors.First && teller == step.State.Successors.First
            ? step with { State = step.State with { Successors = new SuccessorList([teller, .. state.Successors.Peers.Skip(1)], spansRing: false) } }
            : step;
    }

    /// <summary>The first half of a round counts although somebody has read the peer in its middle.</summary>
    public static Step RoundNotTakenBack(PeerState state, ChordEvent input)
    {
        Step step = ChordProtocol.Handle(state, input);
        bool isTakenBack = step.Effects.Any(effect => effect is Effect.Report(ChordNotice.RoundTakenBack));
        if (!isTakenBack || input is not ChordEvent.NeighborsTold(var teller, _, var told))
            return step;
        Step again = ChordProtocol.Handle(step.State, new ChordEvent.StabilizeDue());
        foreach (Effect effect in again.Effects)
        {
            if (effect is Effect.AskNeighbors(var asked, int question) && asked == teller)
                return ChordProtocol.Handle(again.State, new ChordEvent.NeighborsTold(teller, question, told));
        }
        return step;
    }

    /// <summary>A newborn peer keeps only the first entry of the list that it was told.</summary>
    public static Step ShortListAfterJoin(PeerState state, ChordEvent input)
    {
        Step step = ChordProtocol.Handle(state, input);
        return state.Phase == MemberPhase.Joining && step.State is { IsMember: true, Successors.Count: > 1 }
            ? step with { State = step.State with { Successors = new SuccessorList([step.State.Successors.First!], spansRing: false) } }
            : step;
    }
}
