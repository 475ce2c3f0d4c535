using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

public sealed class JoinTests
{
    [Fact]
    public void A_second_peer_joins_a_lone_one()
    {
        var ring = new InMemoryRing(new ChordParameters(Bits: 6));
        ring.Start(8);
        ring.Join(32, via: 8);
        ring.RunUntilIdeal(roundsMax: 2);
        Assert.Equal(ring.Ref(32), ring[8].Successors.First);
    }

    [Fact]
    public void A_peer_joins_through_its_successor_to_be()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8, 14, 21, 32);
        ring.Join(30, via: 32);
        ring.RunUntilIdeal(roundsMax: 4);
    }
}
