using ChordAspire.Protocol;
using ChordAspire.Simulation;

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

    /// <summary>A newborn peer keeps only the first entry of the list that it was told.</summary>
    public static Step ShortListAfterJoin(PeerState state, ChordEvent input)
    {
        Step step = ChordProtocol.Handle(state, input);
        return state.Phase == MemberPhase.Joining && step.State is { IsMember: true, Successors.Count: > 1 }
            ? step with { State = step.State with { Successors = new SuccessorList([step.State.Successors.First!], spansRing: false) } }
            : step;
    }
}
