using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>Zave (TSE 2017) §III: join; and what a peer meets that comes back under its old identifier.</summary>
public sealed class JoinTests
{
    [Fact]
    public void A_second_peer_joins_a_lone_one()
    {
        InMemoryRing ring = LonePeer();
        ring.Join(32, via: 8);
        ring.RunUntilIdeal(roundsMax: 1);
        Assert.Equal((ring.Ref(32), ring.Ref(32)), (ring[8].Successors.First, ring[8].Predecessor));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(14)]
    [InlineData(21)]
    [InlineData(32)]
    public void A_peer_joins_through_any_member_its_neighbours_to_be_included(ulong contact)
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8, 14, 21, 32);
        ring.Join(30, via: contact);
        Assert.Equal((ring.Ref(21), ring.Ref(32)), (ring[30].Predecessor, ring[30].Successors.First));
        ring.RunUntilIdeal(roundsMax: 4);
    }

    [Fact]
    public void A_peer_is_born_with_its_predecessors_whole_list_in_one_step()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.AfterEvent = (_, _, step) => Assert.Equal(step.State.IsMember ? 4 : 0, step.State.Successors.Count);
        ring.Join(30, via: 8);
        Assert.Equal([32, 38, 42, 48], ring[30].Successors.Peers.Select(peer => peer.Id.ToUInt64()));
    }

    [Fact]
    public void A_joining_peer_answers_for_no_place_yet()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Join(30, via: 8);
        Step step = ChordProtocol.Handle(ring[30], new ChordEvent.NeighborsAsked(Token: 7));
        Assert.Equal([new Effect.AnswerNeighbors(7, Neighbors: null)], step.Effects);
        Assert.False(ring[30].IsMember);
    }

    [Fact]
    public void A_peer_whose_contact_is_silent_tries_again_until_it_is_there()
    {
        var ring = new InMemoryRing(new ChordParameters(Bits: 6));
        ring.Join(32, via: 8);
        ring.RunRound();
        Assert.Equal(MemberPhase.Outside, ring[32].Phase);
        ring.Start(8);
        ring.RunUntilIdeal(roundsMax: 2);
    }

    [Fact]
    public void A_peer_whose_predecessor_to_be_dies_meanwhile_fails_to_join_and_tries_again()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Join(30, via: 21);
        ring.DeliverNext();
        ring.Fail(21);
        ring.Release();
        Assert.Equal([(ring.Ref(30), JoinFailure.NoAnswer)], ring.FailedJoins);
        ring.Join(30, via: 8);
        ring.RunUntilIdeal(roundsMax: 4);
    }

    [Fact]
    public void A_peer_whose_place_moved_while_it_asked_tries_again()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Join(30, via: 8);
        ring.DeliverNext();
        // 21 was found as predecessor of 30; before it is asked, it learns of 25.
        ring.Place(ring[21] with { Successors = new SuccessorList([ring.Ref(25), .. ring[21].Successors.Peers[..3]], spansRing: false) });
        ring.Place(PeerState.CreateMember(ring.Ref(25), ring.Parameters, ring.Ref(21), ring[21].Successors.WithoutFirst(), FingerTable.Empty));
        ring.Release();
        Assert.Equal([(ring.Ref(30), JoinFailure.PlaceMoved)], ring.FailedJoins);
        ring.RunUntilIdeal(roundsMax: 6);
    }

    [Fact]
    public void Peers_that_join_the_same_gap_at_the_same_moment_all_find_their_place()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        foreach (ulong newcomer in new ulong[] { 22, 25, 27, 28, 30, 31 })
            ring.Join(newcomer, via: 8);
        ring.Release();
        ring.RunUntilIdeal(roundsMax: 6 + 4);
    }

    [Fact]
    public void Eight_peers_that_start_at_the_same_moment_form_one_ring()
    {
        InMemoryRing ring = LonePeer();
        ring.Hold();
        foreach (ulong newcomer in new ulong[] { 1, 14, 21, 32, 38, 42, 48 })
            ring.Join(newcomer, via: 8);
        ring.Release();
        ring.RunUntilIdeal(roundsMax: 7 + 4);
    }

    [Fact]
    public void A_peer_back_before_anyone_noticed_waits_until_it_is_forgotten()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(21);
        ring.Join(21, via: 56);
        Assert.Equal([(ring.Ref(21), JoinFailure.StillRemembered)], ring.FailedJoins);
        ring.RunUntilIdeal(roundsMax: 5);
        Assert.All(ring.FailedJoins, failed => Assert.Equal(JoinFailure.StillRemembered, failed.Reason));
    }

    [Fact]
    public void A_peer_back_after_the_ring_was_repaired_joins_like_any_other()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(21);
        ring.RunUntilIdeal(roundsMax: 4);
        ring.Join(21, via: 56);
        ring.RunUntilIdeal(roundsMax: 4);
        Assert.Empty(ring.FailedJoins);
    }

    [Fact]
    public void An_identifier_that_a_living_peer_has_is_refused_for_good()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Join(21, via: 8, address: "another-21");
        ring.RunRound();
        Assert.Equal(JoinFailure.IdentifierTaken, Assert.Single(ring.FailedJoins).Reason);
        Assert.True(new RingSnapshot(ring.Members.Select(PeerView.Of), 4).IsIdeal);
    }

    [Fact]
    public void An_identifier_whose_former_peer_is_dead_is_free_at_another_address()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(21);
        ring.Join(21, via: 8, address: "another-21");
        ring.RunUntilIdeal(roundsMax: 4);
        Assert.Equal("another-21", ring[14].Successors.First!.Address);
    }

    [Fact]
    public void A_lone_member_gives_its_ring_up_for_the_contacts()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Start(30);
        ring.Tell(30, new ChordEvent.JoinThrough(ring.Ref(8)));
        ring.RunUntilIdeal(roundsMax: 4);
    }

    [Fact]
    public void A_member_with_others_never_gives_its_ring_up()
    {
        InMemoryRing ring = Ring.OfThePaper();
        PeerState before = ring[8];
        ring.Tell(8, new ChordEvent.JoinThrough(ring.Ref(14)));
        Assert.Same(before, ring[8]);
    }

    [Fact]
    public void A_member_that_another_has_just_joined_never_gives_its_ring_up()
    {
        InMemoryRing ring = LonePeer();
        ring.Place(ring[8] with { Predecessor = ring.Ref(32) });
        ring.Hold();
        ring.Tell(8, new ChordEvent.JoinThrough(ring.Ref(14)));
        Assert.True(ring[8].IsMember);
    }

    [Fact]
    public void A_member_told_to_join_says_that_it_has_joined_already()
    {
        Step step = ChordProtocol.Handle(Ring.OfThePaper()[8], new ChordEvent.JoinThrough(Ring.OfThePaper().Ref(14)));
        Assert.Equal([new Effect.Report(new ChordNotice.BecameMember(Ring.OfThePaper().Ref(1)))], step.Effects);
    }

    [Fact]
    public void The_ring_is_ready_once_it_has_more_than_r_peers()
    {
        InMemoryRing ring = LonePeer();
        ulong[] others = [14, 21, 32, 38];
        foreach (ulong newcomer in others)
        {
            Assert.All(ring.States, state => Assert.False(state.RingReady));
            ring.Join(newcomer, via: 8);
            ring.RunUntilIdeal(roundsMax: 4);
        }
        Assert.All(ring.States, state => Assert.True(state.RingReady));
        Assert.Equal(5, ring.Notices.Count(report => report.Notice is ChordNotice.RingBecameReady));
    }

    private static InMemoryRing LonePeer()
    {
        var ring = new InMemoryRing(new ChordParameters(Bits: 6));
        ring.Start(8);
        return ring;
    }
}
