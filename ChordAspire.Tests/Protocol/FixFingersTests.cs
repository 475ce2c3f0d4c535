using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

public sealed class FixFingersTests
{
    [Fact]
    public void The_fingers_of_peer_8_are_those_of_figure_4_of_the_paper()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ForgetFingers(ring);
        ring.FixAllFingers();
        Assert.Equal([14, 14, 14, 21, 32, 42], Enumerable.Range(0, 6).Select(finger => ring[8].Fingers[finger]!.Id.ToUInt64()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_a_pass_every_finger_is_right(int seed)
    {
        var chance = new Random(seed);
        var parameters = new ChordParameters(Bits: 6);
        ulong[] peers = [.. Ring.RandomPeers(chance.Next(1, 20), 6, chance).Select(peer => peer.Id.ToUInt64())];
        InMemoryRing ring = Ring.Of(parameters, peers);
        Dictionary<PeerRef, FingerTable> right = ring.States.ToDictionary(state => state.Self, state => state.Fingers);
        ForgetFingers(ring);
        ring.FixAllFingers();
        Assert.All(ring.States, state => Assert.Equal(right[state.Self].Runs, state.Fingers.Runs));
    }

    [Fact]
    public void One_lookup_settles_all_fingers_up_to_the_owner_it_found()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ForgetFingers(ring);
        int lookups = 0;
        ring.AfterEvent = (_, _, step) => lookups += step.Effects.Count(effect => effect is Effect.LookUp);
        do
            ring.Tell(8, new ChordEvent.FixFingersDue());
        while (ring[8].Fingers[5] is null);
        // 14, which is its successor, needs none; 21, 32 and 42 need one each.
        Assert.Equal(3, lookups);
    }

    [Fact]
    public void A_finger_whose_lookup_failed_is_left_as_it_was_and_the_next_one_tried()
    {
        PeerState state = Ring.OfThePaper()[8];
        Step asking = ChordProtocol.Handle(state, new ChordEvent.FixFingersDue());
        Effect.LookUp lookUp = Assert.IsType<Effect.LookUp>(Assert.Single(asking.Effects));
        var failed = new LookupOutcome(lookUp.Key, Owner: null, Predecessor: null, [], 0, LookupFailure.NoRoute);
        Step ended = ChordProtocol.Handle(asking.State, new ChordEvent.LookupEnded(lookUp.Purpose, failed));
        Assert.Equal(state.Fingers.Runs, ended.State.Fingers.Runs);
        Effect.LookUp next = Assert.IsType<Effect.LookUp>(Assert.Single(ChordProtocol.Handle(ended.State, new ChordEvent.FixFingersDue()).Effects));
        Assert.Equal(lookUp.Purpose.Finger + 1, next.Purpose.Finger);
    }

    [Fact]
    public void Only_one_finger_is_looked_up_at_a_time()
    {
        Step asking = ChordProtocol.Handle(Ring.OfThePaper()[8], new ChordEvent.FixFingersDue());
        Assert.Empty(ChordProtocol.Handle(asking.State, new ChordEvent.FixFingersDue()).Effects);
    }

    [Fact]
    public void A_lone_peer_has_no_fingers_to_fix()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8);
        Assert.Empty(ChordProtocol.Handle(ring[8], new ChordEvent.FixFingersDue()).Effects);
    }

    [Fact]
    public void Fingers_follow_a_repair()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(42);
        ring.RunUntilIdeal(roundsMax: 4);
        ring.FixAllFingers();
        Assert.Equal(ring.Ref(48), ring[8].Fingers[5]);
    }

    private static void ForgetFingers(InMemoryRing ring)
    {
        foreach (PeerState state in ring.States.ToArray())
            ring.Place(state with { Fingers = FingerTable.Empty });
    }
}
