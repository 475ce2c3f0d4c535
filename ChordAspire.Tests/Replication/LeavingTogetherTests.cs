using ChordAspire.Protocol;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>Peers that leave while their neighbours do: nobody waits for who is going as well.</summary>
public sealed class LeavingTogetherTests : SeenFromPeer30
{
    [Fact]
    public void A_successor_that_goes_away_is_waited_for_no_longer_and_the_next_one_is_asked()
    {
        Settle();
        ReplicationEffect.AskArcs[] asked = Handle(new ReplicationEvent.LeaveRequested()).OfType<ReplicationEffect.AskArcs>().ToArray();
        Handle(Agreed(asked[1]));
        Handle(Agreed(asked[2]));

        ReplicationEffect.AskArcs next = Assert.IsType<ReplicationEffect.AskArcs>(Assert.Single(Handle(Ring(20, 50, 60, 70))));
        Assert.Equal(Peer(70), next.Peer);
        Assert.Equal([new ReplicationEffect.LeaveReady()], Handle(Agreed(next)));
    }

    [Fact]
    public void When_all_who_come_next_are_gone_the_peer_is_ready()
    {
        Settle();
        Handle(new ReplicationEvent.LeaveRequested());
        Assert.Equal([new ReplicationEffect.LeaveReady()], Handle(Ring(20)));
    }

    [Fact]
    public void Who_refuses_one_object_is_offered_no_other()
    {
        Handle(new ReplicationEvent.Held(EntryOn(25, 1), Writer: null));
        Handle(new ReplicationEvent.Held(EntryOn(26, 1), Writer: null));
        Settle();
        ReplicationEffect.AskArcs[] asked = Handle(new ReplicationEvent.LeaveRequested()).OfType<ReplicationEffect.AskArcs>().ToArray();
        Handle(Agreed(asked[0]));
        Handle(Agreed(asked[1]));
        ReplicationEffect.Push[] pushed = Handle(Told(asked[2], new ArcAnswer([], default))).OfType<ReplicationEffect.Push>().ToArray();
        Assert.Equal(2, pushed.Length);

        Assert.Equal([new ReplicationEffect.LeaveReady()], Handle(new ReplicationEvent.TransferEnded(Peer(60), asked[2].Number, Done: false)));
    }
}
