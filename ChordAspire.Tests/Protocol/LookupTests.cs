using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

public sealed class LookupTests
{
    [Fact]
    public void Key_54_from_peer_8_goes_over_42_and_51_to_56_as_in_figure_4_of_the_paper()
    {
        LookupOutcome outcome = Ring.OfThePaper().LookUp(54, from: 8);
        Assert.Equal([42, 51, 56], Path(outcome));
        Assert.Equal((2, 3), (outcome.HopsToPredecessor, outcome.Hops));
        Assert.Equal((56ul, 51ul), (Number(outcome.Owner), Number(outcome.Predecessor)));
    }

    [Fact]
    public void A_key_equal_to_a_peers_identifier_is_found_at_that_peer_from_every_peer()
    {
        InMemoryRing ring = Ring.OfThePaper();
        foreach (PeerState asker in ring.States)
        {
            foreach (PeerState owner in ring.States)
                Assert.Equal(owner.Self, ring.LookUp(owner.Self.Id.ToUInt64(), Number(asker.Self)).Owner);
        }
    }

    [Fact]
    public void The_asker_is_asked_nothing_when_it_owns_the_key()
    {
        LookupOutcome outcome = Ring.OfThePaper().LookUp(10, from: 14);
        Assert.Equal(14ul, Number(outcome.Owner));
        Assert.Empty(outcome.Path);
    }

    [Fact]
    public void A_lone_peer_owns_every_key()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8);
        for (ulong key = 0; key < 64; key++)
            Assert.Equal((8ul, 0), (Number(ring.LookUp(key, from: 8).Owner), ring.LookUp(key, from: 8).Hops));
    }

    [Fact]
    public void Of_two_peers_each_knows_what_the_other_owns()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8, 40);
        for (ulong key = 0; key < 64; key++)
        {
            ulong owner = key is > 8 and <= 40 ? 40ul : 8;
            Assert.Equal(owner, Number(ring.LookUp(key, from: 8).Owner));
            Assert.Equal(owner, Number(ring.LookUp(key, from: 40).Owner));
        }
    }

    [Fact]
    public void A_finger_that_does_not_answer_is_gone_round()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(42);
        LookupOutcome outcome = ring.LookUp(54, from: 8);
        Assert.Equal(56ul, Number(outcome.Owner));
        Assert.Equal(new LookupHop(ring.Ref(42), Answered: false), outcome.Path[0]);
        Assert.Equal(1, outcome.Unanswered);
    }

    [Fact]
    public void The_next_living_successor_answers_for_an_owner_that_does_not()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(56);
        LookupOutcome outcome = ring.LookUp(54, from: 8);
        Assert.Equal(1ul, Number(outcome.Owner));
        Assert.Equal([42, 51, 56, 1], Path(outcome));
    }

    [Fact]
    public void A_key_behind_a_dead_predecessor_is_found_before_anyone_noticed()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(51);
        Assert.Equal(56ul, Number(ring.LookUp(54, from: 8).Owner));
    }

    [Fact]
    public void A_lookup_whose_every_way_is_silent_says_so()
    {
        InMemoryRing ring = Ring.Of(new ChordParameters(6, SuccessorListLength: 2), 8, 14, 21, 32, 42);
        ring.Fail(14, 21, 32, 42);
        Assert.Equal(LookupFailure.NoRoute, ring.LookUp(30, from: 8).Failure);
    }

    [Fact]
    public void The_last_of_a_small_ring_answers_for_all_of_it_before_it_noticed()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8, 14, 21);
        ring.Fail(14, 21);
        for (ulong key = 0; key < 64; key++)
            Assert.Equal(8ul, Number(ring.LookUp(key, from: 8).Owner));
    }

    [Fact]
    public void A_lookup_ends_at_its_hop_ceiling()
    {
        LookupOutcome outcome = Ring.OfThePaper().LookUp(54, from: 8, maxHops: 2);
        Assert.Equal((LookupFailure.TooManyHops, 2), (outcome.Failure, outcome.Hops));
        Assert.Null(outcome.Owner);
    }

    [Fact]
    public void A_lookup_that_needs_exactly_its_ceiling_succeeds() =>
        Assert.Equal(56ul, Number(Ring.OfThePaper().LookUp(54, from: 8, maxHops: 3).Owner));

    [Fact]
    public void A_lookup_past_its_deadline_fails_with_what_it_asked_so_far()
    {
        InMemoryRing ring = Ring.OfThePaper();
        var lookup = Lookup.FromMember(ring[8], ring.Id(54), maxHops: 10);
        PeerRef first = lookup.Next()!;
        lookup.Answered(first, Routing.Answer(ring[42], lookup.Key));
        lookup.Expire();
        Assert.Null(lookup.Next());
        Assert.Equal((LookupFailure.DeadlinePassed, 1), (lookup.Outcome!.Failure, lookup.Outcome.Hops));
    }

    [Fact]
    public void A_lookup_that_has_ended_does_not_expire()
    {
        var lookup = Lookup.FromMember(Ring.OfThePaper()[8], Identifier.FromUInt64(6, 5), maxHops: 10);
        lookup.Expire();
        Assert.Equal(8ul, Number(lookup.Outcome?.Owner));
    }

    [Fact]
    public void A_lookup_without_route_may_be_tried_again_and_goes_on_counting()
    {
        InMemoryRing ring = Ring.Of(new ChordParameters(6, SuccessorListLength: 2), 8, 14, 21, 32, 42);
        PeerState[] asleep = [.. new ulong[] { 14, 21, 32, 42 }.Select(id => ring[id])];
        ring.Fail(14, 21, 32, 42);
        var lookup = Lookup.FromMember(ring[8], ring.Id(30), maxHops: 10);
        Assert.Equal(LookupFailure.NoRoute, ring.Run(lookup).Failure);
        int before = lookup.Outcome!.Hops;
        Array.ForEach(asleep, ring.Place);
        lookup.TryAgain(ring[8]);
        Assert.Equal(32ul, Number(ring.Run(lookup).Owner));
        Assert.Equal((before + 2, before), (lookup.Outcome!.Hops, lookup.Outcome.Unanswered));
    }

    [Fact]
    public void Only_who_would_be_named_owner_is_an_owner_candidate()
    {
        InMemoryRing ring = Ring.OfThePaper();
        var lookup = Lookup.FromMember(ring[51], ring.Id(54), maxHops: 10);
        Assert.True(lookup.IsOwnerCandidate(ring.Ref(56)));
        Assert.False(lookup.IsOwnerCandidate(ring.Ref(42)));
    }

    [Fact]
    public void An_owner_sends_the_asker_on_to_a_peer_that_just_joined_before_it()
    {
        InMemoryRing ring = Ring.OfThePaper();
        // 51 has not stabilized yet: it still names 56, which has been notified by 54.
        ring.Join(54, via: 1);
        LookupOutcome outcome = ring.LookUp(53, from: 8);
        Assert.Equal([42, 51, 56, 54], Path(outcome));
        Assert.Equal(54ul, Number(outcome.Owner));
    }

    [Fact]
    public void An_owner_that_sends_on_to_a_dead_newcomer_is_the_owner_itself()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Join(54, via: 1);
        ring.Fail(54);
        Assert.Equal(56ul, Number(ring.LookUp(53, from: 8).Owner));
    }

    [Fact]
    public void From_a_contact_the_contact_is_the_first_hop()
    {
        InMemoryRing ring = Ring.OfThePaper();
        LookupOutcome outcome = ring.Run(Lookup.FromContact(ring.Ref(8), ring.Id(54), maxHops: 10));
        Assert.Equal([8, 42, 51, 56], Path(outcome));
        Assert.Equal(3, outcome.HopsToPredecessor);
    }

    [Fact]
    public void From_a_contact_that_owns_the_key_its_predecessor_stands_before_the_key()
    {
        InMemoryRing ring = Ring.OfThePaper();
        LookupOutcome outcome = ring.Run(Lookup.FromContact(ring.Ref(56), ring.Id(54), maxHops: 10));
        Assert.Equal((56ul, 51ul), (Number(outcome.Owner), Number(outcome.Predecessor)));
    }

    [Fact]
    public void From_a_silent_contact_there_is_no_route()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(8);
        LookupOutcome outcome = ring.Run(Lookup.FromContact(ring.Ref(8), ring.Id(54), maxHops: 10));
        Assert.Equal((LookupFailure.NoRoute, 1), (outcome.Failure, outcome.Unanswered));
    }

    private static ulong[] Path(LookupOutcome outcome) => [.. outcome.Path.Select(hop => Number(hop.Peer))];

    private static ulong Number(PeerRef? peer) => peer!.Id.ToUInt64();
}
