using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

public sealed class FailTests
{
    [Fact]
    public void The_ring_is_ideal_again_within_r_rounds_of_a_failure()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(21);
        ring.RunUntilIdeal(roundsMax: 4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void The_ring_survives_losing_any_r_minus_1_neighbours_at_once(int length)
    {
        ulong[] peers = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56];
        for (int first = 0; first < peers.Length; first++)
        {
            InMemoryRing ring = Ring.Of(new ChordParameters(6, length), peers);
            for (int i = 0; i < length - 1; i++)
                ring.Fail(peers[(first + i) % peers.Length]);
            Assert.True(ring.Snapshot().IsValid);
            ring.RunUntilIdeal(roundsMax: length + 1);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_peer_that_lost_all_successors_takes_no_other_down_with_it(int length)
    {
        ulong[] peers = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56];
        for (int first = 0; first < peers.Length; first++)
        {
            InMemoryRing ring = Ring.Of(new ChordParameters(6, length), peers);
            for (int i = 0; i < length; i++)
                ring.Fail(peers[(first + i) % peers.Length]);
            ring.AfterEvent = (_, _, step) => Assert.True(step.State.IsMember, $"{step.State.Self} gave its place up.");
            ring.RunUntilIdeal(roundsMax: 2 * length);
        }
    }

    [Fact]
    public void A_peer_that_lost_all_successors_goes_on_from_the_next_finger_that_answers()
    {
        InMemoryRing ring = Ring.Of(new ChordParameters(6, SuccessorListLength: 2), 1, 8, 14, 21, 32, 42, 56);
        ring.Fail(14, 21, 32);
        ring.Stabilize(8);
        Assert.Equal([42, 56], ring[8].Successors.Peers.Select(peer => peer.Id.ToUInt64()));
    }

    [Fact]
    public void A_peer_that_lost_all_successors_and_has_no_fingers_goes_on_from_its_predecessor()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Place(ring[8] with { Fingers = FingerTable.Empty });
        ring.Fail(14, 21, 32, 38);
        ring.RunUntilIdeal(roundsMax: 6);
    }

    [Fact]
    public void A_peer_whose_every_contact_is_silent_seeks_the_ring()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8, 14, 21, 32, 38, 42);
        List<Effect.SeekRing> sought = [];
        ring.AfterEvent = (_, _, step) => sought.AddRange(step.Effects.OfType<Effect.SeekRing>());
        ring.Fail(14, 21, 32, 38, 42);
        ring.Stabilize(8);
        Assert.Single(sought);
        Assert.Equal(MemberPhase.Joining, ring[8].Phase);
    }

    [Fact]
    public void A_peer_that_lost_everybody_goes_on_alone()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8, 14, 21, 32, 38, 42);
        ring.Fail(14, 21, 32, 38, 42);
        ring.RunUntilIdeal(roundsMax: 2);
        Assert.True(ring[8].IsAlone);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Two_peers_survive_the_failure_of_one(int length)
    {
        InMemoryRing ring = Ring.Of(new ChordParameters(6, length), 8, 40);
        ring.Fail(40);
        ring.RunUntilIdeal(roundsMax: 1);
        Assert.True(ring[8].IsAlone);
        ring.Join(40, via: 8);
        ring.RunUntilIdeal(roundsMax: 1);
    }

    [Theory]
    [InlineData(2, 14)]
    [InlineData(2, 8)]
    [InlineData(4, 14)]
    [InlineData(4, 8)]
    public void Three_peers_survive_the_failure_of_one(int length, ulong failed)
    {
        InMemoryRing ring = Ring.Of(new ChordParameters(6, length), 8, 14, 40);
        ring.Fail(failed);
        ring.RunUntilIdeal(roundsMax: 2);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_last_of_three_peers_goes_on_alone(int length)
    {
        InMemoryRing ring = Ring.Of(new ChordParameters(6, length), 8, 14, 40);
        ring.Fail(14, 40);
        ring.RunUntilIdeal(roundsMax: 1);
        Assert.True(ring[8].IsAlone);
    }

    [Fact]
    public void A_ring_of_four_shrinks_to_one_and_grows_back()
    {
        ulong[] others = [14, 21, 32];
        InMemoryRing ring = Ring.Of(bits: 6, [8, .. others]);
        foreach (ulong other in others)
        {
            ring.Fail(other);
            ring.RunUntilIdeal(roundsMax: 3);
        }
        foreach (ulong other in others)
        {
            ring.Join(other, via: 8);
            ring.RunUntilIdeal(roundsMax: 3);
        }
    }

    [Fact]
    public void A_peer_that_fails_while_it_is_joining_leaves_no_trace()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Hold();
        ring.Join(30, via: 8);
        ring.DeliverNext();
        ring.DeliverNext();
        ring.Fail(30);
        ring.Release();
        Assert.True(ring.Snapshot().IsIdeal);
    }
}
