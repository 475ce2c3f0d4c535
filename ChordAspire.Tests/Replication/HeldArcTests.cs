using ChordAspire.Protocol;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>Of which arcs a peer may say that it knows all that is there.</summary>
public sealed class HeldArcTests : SeenFromPeer30
{
    [Theory]
    [InlineData(20, 30, true)]
    [InlineData(22, 28, true)]
    [InlineData(20, 25, true)]
    [InlineData(25, 30, true)]
    [InlineData(28, 22, false)]
    [InlineData(15, 25, false)]
    [InlineData(25, 35, false)]
    [InlineData(40, 50, false)]
    [InlineData(25, 25, false)]
    public void An_owner_knows_its_own_arc_and_all_parts_of_it_when_it_has_settled(int from, int to, bool known)
    {
        Arc arc = ObjectPlace.ObjectsOn(new Arc(Id(from), Id(to)));
        Assert.False(State.HoldsAllOf(arc));
        Settle();
        Assert.Equal(known, State.HoldsAllOf(arc));
    }

    [Fact]
    public void A_replica_knows_the_arc_that_it_holds_copies_of()
    {
        Settle();
        Arc copies = ObjectPlace.ObjectsOn(new Arc(Id(10), Id(20)));
        Assert.False(State.HoldsAllOf(copies));
        Handle(new ReplicationEvent.Claimed(Peer(20), copies));
        Assert.True(State.HoldsAllOf(copies));
        Assert.False(State.HoldsAllOf(ObjectPlace.ObjectsOn(new Arc(Id(10), Id(30)))));
    }
}
