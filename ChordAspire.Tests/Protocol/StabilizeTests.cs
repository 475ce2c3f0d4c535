using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>Zave (TSE 2017) §III: stabilizeFromSuccessor, stabilizeFromPredecessor.</summary>
public sealed class StabilizeTests
{
    [Fact]
    public void First_half_the_list_becomes_the_successor_and_the_successors_own_list()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Place(ring[8] with { Successors = new SuccessorList([ring.Ref(14)], spansRing: false) });
        ring.Stabilize(8);
        Assert.Equal([14, 21, 32, 38], Numbers(ring[8].Successors));
    }

    [Fact]
    public void Second_half_a_closer_living_successor_is_adopted_with_its_list()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Join(10, via: 14);
        ring.Stabilize(8);
        Assert.Equal([10, 14, 21, 32], Numbers(ring[8].Successors));
        Assert.Equal(ring.Ref(8), ring[10].Predecessor);
    }

    [Fact]
    public void A_closer_successor_that_does_not_answer_is_never_adopted()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Join(10, via: 14);
        ring.Fail(10);
        ring.AfterEvent = (_, _, step) => Assert.False(step.State.Successors.Contains(ring.Id(10)));
        ring.Stabilize(8);
        Assert.Equal([14, 21, 32, 38], Numbers(ring[8].Successors));
    }

    [Fact]
    public void A_silent_successor_is_dropped_and_the_next_one_asked_within_the_round()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(14);
        ring.Stabilize(8);
        Assert.Equal([21, 32, 38, 42], Numbers(ring[8].Successors));
        Assert.Contains((ring.Ref(8), new ChordNotice.PeerDropped(ring.Ref(14))), ring.Notices);
    }

    [Fact]
    public void R_minus_1_silent_successors_are_dropped_within_one_round()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(14, 21, 32);
        ring.Stabilize(8);
        Assert.Equal([38, 42, 48, 51], Numbers(ring[8].Successors));
        Assert.Equal(ring.Ref(8), ring[38].Predecessor);
    }

    [Fact]
    public void A_silent_successor_is_no_finger_any_more()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(14);
        ring.Stabilize(8);
        Assert.DoesNotContain(ring[8].Fingers.Runs, run => run.Peer == ring.Ref(14));
    }

    [Fact]
    public void A_suspected_successor_is_asked_at_once()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(14);
        ring.Tell(8, new ChordEvent.Suspected(ring.Ref(14)));
        Assert.Equal(ring.Ref(21), ring[8].Successors.First);
    }

    [Fact]
    public void A_suspected_peer_that_is_no_successor_only_stops_being_a_finger()
    {
        InMemoryRing ring = Ring.OfThePaper();
        PeerState before = ring[8];
        ring.Tell(8, new ChordEvent.Suspected(ring.Ref(42)));
        Assert.DoesNotContain(ring[8].Fingers.Runs, run => run.Peer == ring.Ref(42));
        Assert.Same(before.Successors, ring[8].Successors);
    }

    [Fact]
    public void A_round_is_taken_back_when_a_neighbour_reads_in_its_middle_what_it_would_change()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Place(ring[8] with { Successors = new SuccessorList([ring.Ref(14)], spansRing: false) });
        ring.Hold();
        ring.Stabilize(8);
        ring.Stabilize(1);
        ring.Release();
        // What 1 read then and what 8 has now are the same, as if the one had come before the other.
        Assert.Equal([8, 14], Numbers(ring[1].Successors));
        Assert.Equal([14], Numbers(ring[8].Successors));
        Assert.Contains((ring.Ref(8), new ChordNotice.RoundTakenBack()), ring.Notices);

        ring.Stabilize(8);
        Assert.Equal([14, 21, 32, 38], Numbers(ring[8].Successors));
    }

    [Fact]
    public void A_round_that_changes_nothing_counts_whoever_reads_in_its_middle()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.RunRoundInLockstep();
        Assert.Equal(10, ring.Notices.Count(report => report.Notice is ChordNotice.RoundDone));
    }

    /// <summary>The ends of the lists wait until two neighbours are out of step: those changes are read in their middle again and again.</summary>
    [Fact]
    public void A_ring_that_stabilizes_in_lockstep_closes_its_gaps_all_the_same()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(14, 42, 48);
        ring.Join(3, via: 56);
        ring.Join(34, via: 56);
        ring.Join(35, via: 56);
        for (int round = 0; round < 4; round++)
            ring.RunRoundInLockstep();
        PeerState[] states = [.. ring.States];
        for (int i = 0; i < states.Length; i++)
        {
            PeerState next = states[(i + 1) % states.Length];
            Assert.Equal((next.Self, states[i].Self), (states[i].Successors.First, next.Predecessor));
        }
        ring.RunUntilIdeal(roundsMax: 4);
    }

    [Fact]
    public void Only_one_question_about_neighbours_is_under_way_at_a_time()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Stabilize(8);
        ring.Stabilize(8);
        Assert.Equal(1, ring.MessagesUnderWay);
    }

    [Fact]
    public void An_answer_nobody_asked_for_changes_nothing()
    {
        InMemoryRing ring = Ring.OfThePaper();
        PeerState before = ring[8];
        ring.Tell(8, new ChordEvent.NeighborsTold(ring.Ref(10), Question: 1, new Neighbors(null, before.Successors)));
        ring.Tell(8, new ChordEvent.NeighborsNotTold(ring.Ref(14), Question: 1));
        Assert.Same(before, ring[8]);
    }

    /// <summary>Found by the simulator: a goodbye ended the first question, and its silence came when the peer had long been back and asked again.</summary>
    [Fact]
    public void The_outcome_of_an_earlier_question_does_not_pass_for_that_of_a_later_one()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Stabilize(8);
        ring.Tell(8, new ChordEvent.Departed(ring.Ref(14)));
        ring.Tell(8, new ChordEvent.NeighborsTold(ring.Ref(21), Question: 2, new Neighbors(ring.Ref(14), ring[21].Successors)));
        PeerState asksAgain = ring[8];
        ring.Tell(8, new ChordEvent.NeighborsNotTold(ring.Ref(14), Question: 1));
        Assert.Same(asksAgain, ring[8]);
        ring.Tell(8, new ChordEvent.NeighborsTold(ring.Ref(14), Question: 3, ring[14].Neighbors));
        Assert.Equal(ring.Ref(14), ring[8].Successors.First);
    }

    [Fact]
    public void A_lone_peer_takes_the_peer_that_notified_it_for_its_successor_too()
    {
        InMemoryRing ring = LonePeerWithPredecessor(32);
        PlaceOnlyOther(ring, 32);
        ring.Stabilize(8);
        Assert.Equal([32], Numbers(ring[8].Successors));
    }

    [Fact]
    public void A_lone_peer_forgets_a_predecessor_that_does_not_answer()
    {
        InMemoryRing ring = LonePeerWithPredecessor(32);
        ring.Stabilize(8);
        Assert.True(ring[8].IsAlone);
        Assert.Null(ring[8].Predecessor);
    }

    [Fact]
    public void A_lone_peer_keeps_the_newcomer_that_notified_it_while_it_asked_another_in_vain()
    {
        InMemoryRing ring = LonePeerWithPredecessor(32);
        ring.Hold();
        ring.Stabilize(8);
        PlaceOnlyOther(ring, 40);
        ring.Tell(8, new ChordEvent.Notified(ring.Ref(40)));
        ring.Release();
        Assert.Equal(ring.Ref(40), ring[8].Predecessor);
        Assert.Equal([40], Numbers(ring[8].Successors));
    }

    /// <summary>A member that knows peer 8 and nobody else.</summary>
    private static void PlaceOnlyOther(InMemoryRing ring, ulong id)
    {
        var successors = new SuccessorList([ring.Ref(8)], spansRing: true);
        ring.Place(PeerState.CreateMember(ring.Ref(id), ring.Parameters, ring.Ref(8), successors, FingerTable.Empty));
    }

    private static InMemoryRing LonePeerWithPredecessor(ulong predecessor)
    {
        var ring = new InMemoryRing(new ChordParameters(Bits: 6));
        ring.Place(PeerState.CreateMember(ring.Ref(8), ring.Parameters, ring.Ref(predecessor), SuccessorList.Alone, FingerTable.Empty));
        return ring;
    }

    private static ulong[] Numbers(SuccessorList list) => [.. list.Peers.Select(peer => peer.Id.ToUInt64())];
}
