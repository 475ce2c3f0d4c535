using ChordAspire.Protocol;

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

    [Fact]
    public void A_peer_that_lost_all_successors_stops_answering_and_finds_the_ring_again()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(14, 21, 32, 38);
        ring.Stabilize(8);
        Assert.Equal(MemberPhase.Joining, ring[8].Phase);
        ring.RunUntilIdeal(roundsMax: 8);
        Assert.Equal(6, ring.Members.Count());
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
