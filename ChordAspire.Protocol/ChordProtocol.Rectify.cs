namespace ChordAspire.Protocol;

public static partial class ChordProtocol
{
    /// <summary>On being notified: a closer newcomer becomes predecessor; any other only if the old one is silent (Zave 2017, <i>rectify</i>).</summary>
    private static Step Rectify(PeerState state, PeerRef newcomer)
    {
        if (!state.IsMember || newcomer.Id == state.Self.Id || newcomer == state.Predecessor)
            return Step.Stay(state);
        if (state.Predecessor is not { } old || newcomer.Id.IsBetween(old.Id, state.Self.Id))
            return AdoptPredecessor(state, newcomer);
        if (state.Newcomer is null)
            return Step.Then(state with { Newcomer = newcomer }, new Effect.Ping(old));
        // A check of the old one is under way already: remember the closer of the two who wait for its outcome.
        return newcomer.Id.IsBetween(state.Newcomer.Id, state.Self.Id) ? Step.Stay(state with { Newcomer = newcomer }) : Step.Stay(state);
    }

    private static Step KeepPredecessor(PeerState state, PeerRef answered) =>
        Step.Stay(answered == state.Predecessor ? state with { Newcomer = null } : state);

    private static Step ReplacePredecessor(PeerState state, PeerRef silent) =>
        silent == state.Predecessor && state.Newcomer is { } newcomer
            ? AdoptPredecessor(state with { Fingers = state.Fingers.Without(silent) }, newcomer).And(new Effect.Report(new ChordNotice.PeerDropped(silent)))
            : Step.Stay(state);

    private static Step AdoptPredecessor(PeerState state, PeerRef newcomer)
    {
        PeerState next = state with { Predecessor = newcomer, Newcomer = null };
        // A peer alone learns of its successor by being notified; it need not wait for its next round.
        Step step = next.IsAlone ? Stabilize(next) : Step.Stay(next);
        return step.And(new Effect.HandOver(newcomer));
    }
}
