using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

public sealed class LeaveTests
{
    [Fact]
    public void A_peer_that_leaves_is_forgotten_by_both_neighbours_before_their_next_round()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Leave(21);
        Assert.Equal(ring.Ref(32), ring[14].Successors.First);
        Assert.Equal(ring.Ref(14), ring[32].Predecessor);
        Assert.DoesNotContain(ring[14].Fingers.Runs, run => run.Peer == ring.Ref(21));
    }

    [Fact]
    public void The_ring_is_ideal_again_within_r_minus_1_rounds_of_a_leave()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Leave(21);
        ring.RunUntilIdeal(roundsMax: 3);
    }

    [Fact]
    public void A_leaving_peer_answers_for_its_place_until_everything_is_handed_over()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Leave(21);
        Assert.Equal(MemberPhase.Leaving, ring[21].Phase);
        Assert.Equal(21ul, ring.LookUp(20, from: 8).Owner!.Id.ToUInt64());
        ring.Release();
        Assert.False(ring.IsLiving(21));
        Assert.Equal(32ul, ring.LookUp(20, from: 8).Owner!.Id.ToUInt64());
    }

    [Fact]
    public void Asked_twice_to_leave_it_hands_over_once()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Leave(21);
        ring.Leave(21);
        Assert.Equal(1, ring.MessagesUnderWay);
    }

    [Fact]
    public void A_peer_that_left_says_goodbye_once_and_stays_away()
    {
        PeerState state = Ring.OfThePaper()[21] with { Phase = MemberPhase.Leaving };
        Step step = ChordProtocol.Handle(state, new ChordEvent.HandedOver());
        Assert.Equal(2, step.Effects.Count(effect => effect is Effect.TellDeparture));
        Assert.Equal(MemberPhase.Left, step.State.Phase);
        ChordEvent[] inputs =
        [
            new ChordEvent.HandedOver(), new ChordEvent.LeaveRequested(), new ChordEvent.StabilizeDue(), new ChordEvent.FixFingersDue(),
            new ChordEvent.StartRing(), new ChordEvent.JoinThrough(state.Successors.First!), new ChordEvent.Notified(state.Successors.First!),
        ];
        Assert.All(inputs, input => Assert.Equal(Step.Stay(step.State), ChordProtocol.Handle(step.State, input), SameStep));
    }

    [Fact]
    public void A_lone_peer_leaves_at_once_and_tells_nobody()
    {
        var ring = new InMemoryRing(new ChordParameters(Bits: 6));
        ring.Start(8);
        ring.Hold();
        ring.Leave(8);
        Assert.False(ring.IsLiving(8));
        Assert.Equal(0, ring.MessagesUnderWay);
    }

    [Fact]
    public void A_peer_that_is_still_joining_may_leave()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Join(30, via: 8);
        ring.Leave(30);
        ring.Release();
        Assert.True(ring.Snapshot().IsIdeal);
    }

    [Fact]
    public void Of_two_neighbours_that_leave_together_the_ring_closes()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Leave(21);
        ring.Leave(32);
        ring.Release();
        ring.RunUntilIdeal(roundsMax: 4);
    }

    [Fact]
    public void All_may_leave_one_after_the_other()
    {
        InMemoryRing ring = Ring.OfThePaper();
        foreach (ulong peer in new ulong[] { 1, 14, 21, 32, 38, 42, 48, 51, 56 })
        {
            ring.Leave(peer);
            ring.RunUntilIdeal(roundsMax: 4);
        }
        Assert.True(ring[8].IsAlone);
    }

    private static bool SameStep(Step one, Step other) => ReferenceEquals(one.State, other.State) && one.Effects.SequenceEqual(other.Effects);
}
