using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>Zave (TSE 2017) §III: rectify, begun by a notify.</summary>
public sealed class RectifyTests
{
    [Fact]
    public void A_closer_newcomer_becomes_predecessor_and_is_handed_what_it_owns_now()
    {
        PeerState state = Ring.OfThePaper()[38];
        PeerRef newcomer = Ref(35);
        Step step = ChordProtocol.Handle(state, new ChordEvent.Notified(newcomer));
        Assert.Equal(newcomer, step.State.Predecessor);
        Assert.Contains(new Effect.HandOver(newcomer), step.Effects);
    }

    [Fact]
    public void A_farther_peer_makes_the_predecessor_be_checked_first()
    {
        PeerState state = Ring.OfThePaper()[38];
        Step step = ChordProtocol.Handle(state, new ChordEvent.Notified(Ref(21)));
        Assert.Equal(Ref(32), step.State.Predecessor);
        Assert.Equal([new Effect.Ping(Ref(32))], step.Effects);
    }

    [Fact]
    public void A_predecessor_that_answers_is_kept()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Tell(38, new ChordEvent.Notified(Ref(21)));
        Assert.Equal(Ref(32), ring[38].Predecessor);
    }

    [Fact]
    public void A_predecessor_that_is_silent_gives_way_to_who_notified()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(32);
        ring.Tell(38, new ChordEvent.Notified(Ref(21)));
        Assert.Equal(Ref(21), ring[38].Predecessor);
        Assert.Contains((Ref(38), new ChordNotice.PeerDropped(Ref(32))), ring.Notices);
    }

    [Fact]
    public void Of_two_who_wait_for_the_check_the_closer_becomes_predecessor()
    {
        foreach (ulong[] order in new ulong[][] { [14, 21], [21, 14] })
        {
            InMemoryRing ring = Ring.OfThePaper();
            ring.Fail(32);
            ring.Hold();
            foreach (ulong newcomer in order)
                ring.Tell(38, new ChordEvent.Notified(Ref(newcomer)));
            Assert.Equal(1, ring.MessagesUnderWay);
            ring.Release();
            Assert.Equal(Ref(21), ring[38].Predecessor);
        }
    }

    [Fact]
    public void Who_is_closer_than_the_one_checked_need_not_wait()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Fail(32);
        ring.Hold();
        ring.Tell(38, new ChordEvent.Notified(Ref(21)));
        ring.Tell(38, new ChordEvent.Notified(Ref(35)));
        ring.Release();
        Assert.Equal(Ref(35), ring[38].Predecessor);
    }

    [Fact]
    public void The_outcome_of_a_check_that_nobody_waits_for_changes_nothing()
    {
        PeerState state = Ring.OfThePaper()[38];
        Assert.Equal(state, ChordProtocol.Handle(state, new ChordEvent.PingNotAnswered(Ref(32))).State);
        Assert.Equal(state, ChordProtocol.Handle(state, new ChordEvent.PingAnswered(Ref(32))).State);
        Assert.Equal(state, ChordProtocol.Handle(state, new ChordEvent.PingNotAnswered(Ref(21))).State);
    }

    [Fact]
    public void The_predecessor_may_notify_again_and_again()
    {
        PeerState state = Ring.OfThePaper()[38];
        Step step = ChordProtocol.Handle(state, new ChordEvent.Notified(Ref(32)));
        Assert.Same(state, step.State);
        Assert.Empty(step.Effects);
    }

    [Fact]
    public void A_peer_does_not_notify_itself()
    {
        PeerState state = Ring.OfThePaper()[38];
        Assert.Same(state, ChordProtocol.Handle(state, new ChordEvent.Notified(Ref(38))).State);
    }

    [Fact]
    public void A_peer_that_is_no_member_takes_no_predecessor()
    {
        var state = PeerState.Create(Ref(38), new ChordParameters(Bits: 6));
        Assert.Same(state, ChordProtocol.Handle(state, new ChordEvent.Notified(Ref(32))).State);
    }

    [Fact]
    public void The_predecessors_successor_under_its_old_identifier_at_a_new_address_is_taken_once_the_old_is_silent()
    {
        InMemoryRing ring = Ring.OfThePaper();
        PeerRef moved = Ref(32) with { Address = "moved-32" };
        ring.Fail(32);
        ring.Tell(38, new ChordEvent.Notified(moved));
        Assert.Equal(moved, ring[38].Predecessor);
    }

    private static PeerRef Ref(ulong id) => new(Identifier.FromUInt64(6, id), InMemoryRing.AddressOf(id));
}
