namespace ChordAspire.Protocol;

public static partial class ChordProtocol
{
    /// <summary>
    /// Refreshes the next finger that the successor does not settle by itself. One lookup settles all fingers that start before its owner, so a
    /// pass over m fingers takes about log2 N lookups.
    /// </summary>
    private static Step FixFingers(PeerState state)
    {
        if (!state.IsMember || state.FingerLookupUnderWay || state.Successors.First is not { } successor)
            return Step.Stay(state);
        int finger = state.NextFinger;
        FingerTable fingers = state.Fingers;
        if (finger == 0)
        {
            finger = FirstFingerPast(state, 0, successor.Id);
            fingers = fingers.With(0, finger - 1, successor);
        }
        if (finger >= state.Parameters.Bits)
            return Step.Stay(state with { Fingers = fingers, NextFinger = 0 });
        return Step.Then(
            state with { Fingers = fingers, FingerLookupUnderWay = true, NextFinger = finger },
            new Effect.LookUp(state.Self.Id.FingerStart(finger), LookupPurpose.FixFinger(finger), Contact: null));
    }

    private static Step SetFingers(PeerState state, int finger, LookupOutcome outcome)
    {
        if (!state.IsMember)
            return Step.Stay(state with { FingerLookupUnderWay = false });
        int bits = state.Parameters.Bits;
        if (outcome.Owner is not { } owner)
            return Step.Stay(state with { FingerLookupUnderWay = false, NextFinger = (finger + 1) % bits });
        // From a finger that is this peer itself all higher ones are too: they start on its own arc.
        bool isSelf = owner.Id == state.Self.Id;
        int past = isSelf ? bits : FirstFingerPast(state, finger, owner.Id);
        return Step.Stay(state with
        {
            FingerLookupUnderWay = false,
            Fingers = state.Fingers.With(finger, past - 1, isSelf ? null : owner),
            NextFinger = past % bits,
        });
    }

    /// <summary>The first finger from <paramref name="finger"/> on whose start lies behind <paramref name="owner"/>; m when none does. Always more than <paramref name="finger"/>.</summary>
    private static int FirstFingerPast(PeerState state, int finger, Identifier owner)
    {
        int past = finger + 1;
        while (past < state.Parameters.Bits && state.Self.Id.FingerStart(past).IsOnArc(state.Self.Id, owner))
            past++;
        return past;
    }
}
