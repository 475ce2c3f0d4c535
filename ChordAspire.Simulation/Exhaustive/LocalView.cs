using System.Diagnostics;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// What of the peers' states an exhaustive check follows. What it does not follow may be anything at any time, so more can happen than in truth,
/// never less.
/// </summary>
internal abstract class LocalView
{
    /// <summary>The part of a state, and of whom its peer has yet to notify, that is followed; something stands for the rest.</summary>
    public abstract (PeerState State, int Notice) Kept(PeerState state, int notice);

    /// <summary>The ways to go on by asking somebody, of a peer at place 0.</summary>
    public abstract IEnumerable<SmallMove> MovesOf(PeerState kept);

    /// <summary>All that a peer may be of which this much is followed, when others ask it.</summary>
    public abstract IEnumerable<PeerState> WhenAsked(PeerState kept);
}

/// <summary>One way to go on by asking somebody.</summary>
/// <param name="Target">How far away the peer asked is.</param>
/// <param name="Askers">All states that the asker may be in.</param>
internal sealed record SmallMove(SmallStepKind Kind, int Target, PeerState[] Askers);

/// <summary>Everything is followed: what is found happens.</summary>
internal sealed class WholeView(bool reconciles) : LocalView
{
    public override (PeerState State, int Notice) Kept(PeerState state, int notice) => (state, notice);

    public override IEnumerable<PeerState> WhenAsked(PeerState kept) => [kept];

    public override IEnumerable<SmallMove> MovesOf(PeerState kept)
    {
        if ((kept.Query?.Asked ?? Successor(kept)) is { } asked)
            yield return new SmallMove(kept.Query is null ? SmallStepKind.Stabilize : SmallStepKind.Ask, LocalStates.PlaceOf(asked), [kept]);
        if (reconciles && Successor(kept) is { } successor)
            yield return new SmallMove(SmallStepKind.Reconcile, LocalStates.PlaceOf(successor), [kept]);
    }

    private static PeerRef? Successor(PeerState state) => state.Successors.First ?? state.Predecessor;
}

/// <summary>
/// Successor lists alone are followed. A predecessor, a newcomer to be checked and a question under way may be whatever they can be at all, at
/// every step anew:
/// whoever asks a peer may be told any predecessor, and may already be asking any peer before its successor. Nothing else depends on them, so
/// notifications do nothing.
/// </summary>
internal sealed class ListsView(PeerRef[] peers) : LocalView
{
    public override (PeerState State, int Notice) Kept(PeerState state, int notice) =>
        (state with { Predecessor = null, Newcomer = null, Query = null }, CellFacts.None);

    public override IEnumerable<PeerState> WhenAsked(PeerState kept) => AnyOther(kept).Select(predecessor => kept with { Predecessor = predecessor });

    public override IEnumerable<SmallMove> MovesOf(PeerState kept)
    {
        PeerRef first = kept.Successors.First ?? throw new UnreachableException($"{kept.Self} has no successor, which the invariant excludes.");
        PeerState[] idle = [.. All(kept)];
        yield return new SmallMove(SmallStepKind.Stabilize, LocalStates.PlaceOf(first), idle);
        // A question in a round goes to the successor, or to a peer before it.
        for (int target = 1; target <= LocalStates.PlaceOf(first); target++)
        {
            QueryPurpose purpose = peers[target] == first ? QueryPurpose.FromSuccessor : QueryPurpose.FromPredecessor;
            NeighborsQuery[] queries = [new(purpose, peers[target], 0), new(purpose, peers[target], 0, Disturbed: true)];
            PeerState[] asking = [.. queries.SelectMany(query => idle.Select(state => state with { Query = query }))];
            yield return new SmallMove(SmallStepKind.Ask, target, asking);
        }
    }

    /// <summary>All states with this list but for the question under way.</summary>
    public IEnumerable<PeerState> All(PeerState kept) =>
        WhenAsked(kept).SelectMany(state => AnyOther(kept).Select(newcomer => state with { Newcomer = newcomer }));

    private IEnumerable<PeerRef?> AnyOther(PeerState state) => peers.Where(peer => peer != state.Self).Prepend(null);
}
