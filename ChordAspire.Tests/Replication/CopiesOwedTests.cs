using ChordAspire.Protocol;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>
/// An owner that says that its replicas have everything must be right: on its word others forget their copies. Each of these was wrong once, and found by
/// `chord sim storage` with peers lost together.
/// </summary>
public sealed class CopiesOwedTests : SeenFromPeer30
{
    [Fact]
    public void What_another_brings_the_replicas_are_given_as_well()
    {
        Settle();
        Handle(new ReplicationEvent.Held(EntryOn(25, 1), Writer: Peer(60)));

        Assert.False(State.Replicated);
        Assert.Equal([Peer(40), Peer(50)], State.Lagging);
        Assert.Equal(2, Handle(new ReplicationEvent.RoundDue()).OfType<ReplicationEffect.AskArcs>().Count());
    }

    [Fact]
    public void A_replica_that_brings_something_has_it_itself()
    {
        Settle();
        Handle(new ReplicationEvent.Held(EntryOn(25, 1), Writer: Peer(40)));

        Assert.Equal([Peer(50)], State.Lagging);
    }

    [Fact]
    public void What_is_written_here_or_not_owned_or_known_already_makes_nobody_lag()
    {
        Settle();
        Handle(new ReplicationEvent.Held(EntryOn(25, 2), Writer: null));
        Handle(new ReplicationEvent.Held(EntryOn(25, 1), Writer: Peer(60)));
        Handle(new ReplicationEvent.Held(EntryOn(15, 1), Writer: Peer(20)));

        Assert.True(State.Replicated);
        Assert.Equal(EntryOn(25, 2).Version, State.Index.VersionOf(EntryOn(25, 2).Id));
    }

    [Fact]
    public void A_copy_missed_while_replicas_are_compared_is_made_in_the_next_round()
    {
        ReplicationEffect.AskArcs[] asked = [.. Handle(Ring(20, 40, 50, 60)).OfType<ReplicationEffect.AskArcs>()];
        Handle(new ReplicationEvent.Held(EntryOn(25, 1), Writer: null));
        Handle(new ReplicationEvent.CopyMissed(Peer(40)));
        // Both answered before the write: they agreed with what there was then.
        foreach (ReplicationEffect.AskArcs question in asked)
            Handle(Agreed(question));

        Assert.True(State.Settled);
        Assert.Equal([Peer(40)], State.Lagging);
        Round();
        Assert.True(State.Replicated);
    }

    [Fact]
    public void Nobody_is_told_that_it_may_forget_what_it_is_counted_on_for()
    {
        Settle();

        Assert.False(State.ReplicatedWithout(Peer(40)));
        Assert.False(State.ReplicatedWithout(Peer(50)));
        Assert.True(State.ReplicatedWithout(Peer(60)));
        Handle(new ReplicationEvent.CopyMissed(Peer(40)));
        Assert.False(State.ReplicatedWithout(Peer(60)));
    }
}
