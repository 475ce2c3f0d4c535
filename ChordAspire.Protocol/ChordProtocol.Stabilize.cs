using System.Collections.Immutable;
using System.Diagnostics;

namespace ChordAspire.Protocol;

public static partial class ChordProtocol
{
    /// <summary>Begins a round: asks the successor for its neighbours. A peer alone is its own successor, and goes straight to the second half.</summary>
    private static Step Stabilize(PeerState state)
    {
        if (!state.IsMember || state.Query is not null)
            return Step.Stay(state);
        if (state.Successors.First is { } successor)
            return Ask(state, QueryPurpose.FromSuccessor, successor);
        return state.Predecessor is { } predecessor ? Ask(state, QueryPurpose.FromPredecessor, predecessor) : Step.Stay(state);
    }

    private static Step Ask(PeerState state, QueryPurpose purpose, PeerRef peer)
    {
        int question = unchecked(state.LastQuestion + 1);
        return Step.Then(
            state with { Query = new NeighborsQuery(purpose, peer, question), LastQuestion = question },
            new Effect.AskNeighbors(peer, question));
    }

    /// <summary>A neighbour reads us. Where our own question is under way, its outcome must not count: see <see cref="NeighborsQuery"/>.</summary>
    private static Step AnswerNeighbors(PeerState state, long token)
    {
        if (!state.IsMember)
            return Step.Then(state, new Effect.AnswerNeighbors(token, Neighbors: null));
        PeerState disturbed = state.Query is { Disturbed: false } query ? state with { Query = query with { Disturbed = true } } : state;
        return Step.Then(disturbed, new Effect.AnswerNeighbors(token, state.Neighbors));
    }

    private static Step TakeNeighbors(PeerState state, PeerRef peer, int question, Neighbors told)
    {
        // A goodbye or a new try at joining ends a question early; its outcome still comes, and must not pass for that of a later one.
        if (state.Query is not { } query || query.Question != question)
            return Step.Stay(state);
        if (query.Purpose == QueryPurpose.Join)
            return Join(state, peer, told);
        PeerState settled = state with { Query = null };
        PeerState next = Adopt(settled, peer, told, out Effect.Report? disorder);
        // What was read of us meanwhile is still so when nothing changes.
        if (query.Disturbed && !ReferenceEquals(next.Successors, settled.Successors))
            return Step.Then(settled, new Effect.Report(new ChordNotice.RoundTakenBack()));
        Step step = query.Purpose switch
        {
            QueryPurpose.FromSuccessor => AfterFirstHalf(next, peer, told),
            QueryPurpose.FromPredecessor => AfterSecondHalf(next, peer, told),
            _ => throw new UnreachableException($"No question about neighbours is for {query.Purpose}."),
        };
        return disorder is null ? step : step.And(disorder);
    }

    /// <summary>The list is the successor's now; a closer successor is asked before it counts.</summary>
    private static Step AfterFirstHalf(PeerState state, PeerRef successor, Neighbors told) =>
        told.Predecessor is { } closer && closer.Id.IsBetween(state.Self.Id, successor.Id)
            ? Ask(state, QueryPurpose.FromPredecessor, closer)
            : EndRound(state, told);

    /// <summary>The closer successor counts now. Where many have joined at once there may be one closer still: the next round need not wait for its timer.</summary>
    private static Step AfterSecondHalf(PeerState state, PeerRef successor, Neighbors told)
    {
        Step done = EndRound(state, told);
        return told.Predecessor is { } closer && closer.Id.IsBetween(state.Self.Id, successor.Id) && Stabilize(state) is { Effects.IsEmpty: false } again
            ? again.And(done.Effects.AsSpan())
            : done;
    }

    /// <summary>The list becomes the peer that has just answered, and what it told.</summary>
    private static PeerState Adopt(PeerState state, PeerRef successor, Neighbors told, out Effect.Report? disorder)
    {
        SuccessorList list = SuccessorList.Behind(
            state.Self, successor, told.Successors, state.Parameters.SuccessorListLength, state.Successors, out PeerRef? broken);
        disorder = broken is null ? null : Disorder(state.Self, successor, broken);
        // An unchanged list keeps its identity, so that observers see at a glance that nothing happened.
        return ReferenceEquals(list, state.Successors) ? state : state with { Successors = list };
    }

    private static readonly Effect RoundDone = new Effect.Report(new ChordNotice.RoundDone());
    private static readonly ImmutableArray<Effect> OnlyRoundDone = [RoundDone];

    /// <summary>
    /// Ends a round by notifying the successor, as Zave has it, except where it has just said that we are its predecessor already: then the notification
    /// would change nothing (see <see cref="Rectify"/>), and in a quiet ring that is half of all housekeeping.
    /// </summary>
    private static Step EndRound(PeerState state, Neighbors? told = null)
    {
        return state.Successors.First is { } successor && told?.Predecessor != state.Self
            ? Step.Then(state, new Effect.Notify(successor), RoundDone)
            : new Step(state, OnlyRoundDone);
    }

    /// <summary>The peer asked is silent or no member: a successor is dropped and the next one asked at once; a closer one is not adopted.</summary>
    private static Step MissNeighbors(PeerState state, PeerRef peer, int question)
    {
        if (state.Query is not { } query || query.Question != question)
            return Step.Stay(state);
        PeerState settled = state with { Query = null, Fingers = state.Fingers.Without(peer) };
        switch (query.Purpose)
        {
            case QueryPurpose.Join:
                return Step.Then(settled, new Effect.JoinFailed(JoinFailure.NoAnswer, peer));
            case QueryPurpose.FromPredecessor:
                if (!settled.IsAlone)
                    return EndRound(settled);
                // Alone, and the other peer we heard of is gone. Another may have notified us meanwhile.
                return settled.Predecessor == peer ? EndRound(settled with { Predecessor = null }) : Stabilize(settled);
            default:
                return DropSuccessor(settled, peer);
        }
    }

    private static Step DropSuccessor(PeerState state, PeerRef peer)
    {
        // Meanwhile a goodbye may have changed the head: then there is nothing left to drop.
        PeerState next = state.Successors.First == peer ? state with { Successors = state.Successors.WithoutFirst() } : state;
        Step step = next.Successors.Count == 0 && !next.Successors.SpansRing ? GoOnFromOthers(next, peer) : Stabilize(next);
        return step.And(new Effect.Report(new ChordNotice.PeerDropped(peer)));
    }

    /// <summary>
    /// All r successors failed at once, which Zave's contract excludes. The nearest other peers it knows take their place, its fingers and at last its
    /// predecessor; the first is asked at once, and rounds walk back from whoever answers. It stays a member meanwhile: to fall silent would take the last
    /// successor from the peer before it, and so on round the ring.
    /// </summary>
    private static Step GoOnFromOthers(PeerState state, PeerRef lost)
    {
        ImmutableArray<PeerRef> others = [.. state.Fingers.Runs
            .Select(run => run.Peer)
            .Append(state.Predecessor ?? lost)
            .Where(peer => peer.Id != lost.Id)
            .DistinctBy(peer => peer.Id)
            .OrderBy(peer => state.Self.Id.DistanceTo(peer.Id))
            .Take(state.Parameters.SuccessorListLength)];
        return others.IsEmpty
            ? Step.Then(Lonely(state) with { Phase = MemberPhase.Joining }, new Effect.SeekRing([lost]))
            : Stabilize(state with { Successors = new SuccessorList(others, spansRing: false) });
    }

    /// <summary>A lookup met this peer silent: no finger points there any more, and if it is our successor a round begins at once.</summary>
    private static Step Suspect(PeerState state, PeerRef peer)
    {
        PeerState next = state with { Fingers = state.Fingers.Without(peer) };
        return next.Successors.First == peer ? Stabilize(next) : Step.Stay(next);
    }
}
