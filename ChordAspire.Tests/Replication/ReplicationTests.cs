using ChordAspire.Protocol;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>The rules step by step.</summary>
public sealed class ReplicationTests : SeenFromPeer30
{
    [Fact]
    public void A_newcomer_has_settled_when_it_has_heard_its_replicas()
    {
        ReplicationEffect.AskArcs[] asked = Handle(Ring(20, 40, 50, 60)).OfType<ReplicationEffect.AskArcs>().ToArray();

        Assert.Equal([Peer(40), Peer(50)], asked.Select(question => question.Peer));
        Assert.All(asked, question => Assert.Equal(ObjectPlace.ObjectsOn(new Arc(Id(20), Id(30))), question.Claim));
        Assert.Equal([Peer(40), Peer(50)], State.Unheard);

        Handle(Agreed(asked[0]));
        Assert.False(State.Settled);
        Handle(Agreed(asked[1]));
        Assert.True(State.Settled);
        Assert.True(State.Replicated);
    }

    [Fact]
    public void What_a_newcomer_lacks_it_fetches_and_what_others_lack_it_pushes()
    {
        ObjectEntry theirs = EntryOn(25, 1), ours = EntryOn(26, 1);
        Handle(new ReplicationEvent.Held(ours, Writer: null));
        ReplicationEffect.AskArcs first = Handle(Ring(20, 40, 50, 60)).OfType<ReplicationEffect.AskArcs>().First();

        IReadOnlyList<ReplicationEffect> copies = Handle(Told(first, new ArcAnswer([theirs], default)));

        Assert.Equal([new ReplicationEffect.Fetch(Peer(40), first.Number, theirs), new ReplicationEffect.Push(Peer(40), first.Number, ours)], copies);
        Handle(new ReplicationEvent.TransferEnded(Peer(40), first.Number, Done: true));
        Handle(new ReplicationEvent.TransferEnded(Peer(40), first.Number, Done: false));
        Assert.Contains(Peer(40), State.Unheard);
        Assert.Contains(Peer(40), State.Lagging);
    }

    [Fact]
    public void Whoever_gives_no_answer_to_the_question_stays_unheard()
    {
        ReplicationEffect.AskArcs[] asked = Handle(Ring(20, 40, 50, 60)).OfType<ReplicationEffect.AskArcs>().ToArray();

        Handle(new ReplicationEvent.ArcsTold(Peer(40), asked[0].Number, [], Own: null, Replicated: true));
        Handle(Told(asked[1], new ArcAnswer([EntryOn(200, 1)], default)));

        Assert.Equal([Peer(40), Peer(50)], State.Unheard);
        // And is asked again in the next round.
        Assert.Equal(2, Handle(new ReplicationEvent.RoundDue()).OfType<ReplicationEffect.AskArcs>().Count());
    }

    [Fact]
    public void A_ring_at_rest_costs_one_question_a_replica_now_and_then()
    {
        Settle();

        ReplicationEffect[] effects = [.. Enumerable.Range(0, 80).SelectMany(_ => Round())];

        Assert.Equal(20, effects.Length);
        Assert.All(effects, effect => Assert.Single(((ReplicationEffect.AskArcs)effect).Questions));
    }

    [Fact]
    public void An_arc_that_grows_has_to_be_heard_of_again_and_one_that_shrinks_is_offered()
    {
        Settle();
        Handle(new ReplicationEvent.Held(EntryOn(22, 1), Writer: null));

        Assert.Equal([new ReplicationEffect.Offer(Peer(24))], Handle(Ring(24, 40, 50, 60)));
        Assert.True(State.Settled);

        Assert.Equal(2, Handle(Ring(10, 40, 50, 60)).OfType<ReplicationEffect.AskArcs>().Count());
        Assert.False(State.Settled);
    }

    [Fact]
    public void What_a_newcomer_claims_is_not_ours_any_more_even_before_we_meet_it()
    {
        Settle();
        Identifier id = EntryOn(22, 1).Id;
        Assert.True(State.Owns(id));

        Handle(new ReplicationEvent.Claimed(Peer(24), ObjectPlace.ObjectsOn(new Arc(Id(20), Id(24)))));
        Assert.False(State.Owns(id));
        Assert.True(State.Owns(EntryOn(27, 1).Id));

        // It died before it became our predecessor: nobody repeats the claim.
        for (int i = 0; i < 20; i++)
            Round();
        Assert.True(State.Owns(id));
    }

    [Fact]
    public void Of_two_who_claim_a_place_the_nearer_hears_what_the_other_wrote()
    {
        Settle();
        Handle(new ReplicationEvent.Claimed(Peer(15), ObjectPlace.ObjectsOn(new Arc(Id(10), Id(15)))));
        Handle(new ReplicationEvent.Claimed(Peer(20), ObjectPlace.ObjectsOn(new Arc(Id(10), Id(20)))));

        Assert.Equal([new ReplicationEffect.Offer(Peer(15))], Handle(new ReplicationEvent.Held(EntryOn(12, 1), Writer: Peer(20))));
        Assert.Empty(Handle(new ReplicationEvent.Held(EntryOn(12, 2), Writer: Peer(15))));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_stray_is_forgotten_only_when_its_owner_has_it_and_all_its_replicas_agree(bool ownerReplicated, bool dropped)
    {
        Settle();
        ObjectEntry stray = EntryOn(100, 1);
        Handle(new ReplicationEvent.Held(stray, Writer: null));
        ReplicationEffect? search = null;
        for (int i = 0; i < 5 && search is null; i++)
            search = Round().OfType<ReplicationEffect.FindOwner>().FirstOrDefault();
        Assert.Equal(new ReplicationEffect.FindOwner(stray.Id), search);

        Arc theirs = ObjectPlace.ObjectsOn(new Arc(Id(60), Id(110)));
        ReplicationEffect.AskArcs first = Assert.IsType<ReplicationEffect.AskArcs>(Assert.Single(Handle(new ReplicationEvent.OwnerFound(Peer(110)))));
        Assert.Empty(first.Questions);
        ReplicationEffect.AskArcs second = Assert.IsType<ReplicationEffect.AskArcs>(
            Assert.Single(Handle(new ReplicationEvent.ArcsTold(Peer(110), first.Number, [], theirs, ownerReplicated))));
        IReadOnlyList<ReplicationEffect> copies = Handle(new ReplicationEvent.ArcsTold(Peer(110), second.Number, [new ArcAnswer([], default)], theirs, ownerReplicated));
        Assert.Equal([new ReplicationEffect.Push(Peer(110), second.Number, stray)], copies);

        // What the owner said of its replicas it said before it got this object.
        Assert.Empty(Handle(new ReplicationEvent.TransferEnded(Peer(110), second.Number, Done: true)));

        Handle(new ReplicationEvent.RoundDue());
        ReplicationEffect.AskArcs third = Assert.IsType<ReplicationEffect.AskArcs>(Assert.Single(Handle(new ReplicationEvent.OwnerFound(Peer(110)))));
        ReplicationEffect.AskArcs fourth = Assert.IsType<ReplicationEffect.AskArcs>(
            Assert.Single(Handle(new ReplicationEvent.ArcsTold(Peer(110), third.Number, [], theirs, ownerReplicated))));
        Assert.Equal(
            dropped ? [new ReplicationEffect.Drop(stray)] : [],
            Handle(new ReplicationEvent.ArcsTold(Peer(110), fourth.Number, [default], theirs, ownerReplicated)));
    }

    [Fact]
    public void A_leaving_peer_is_ready_when_all_who_come_next_have_been_given_its_arc()
    {
        Settle();
        ReplicationEffect.AskArcs[] asked = Handle(new ReplicationEvent.LeaveRequested()).OfType<ReplicationEffect.AskArcs>().ToArray();
        Assert.Equal([Peer(40), Peer(50), Peer(60)], asked.Select(question => question.Peer));

        Assert.Empty(Handle(Agreed(asked[0])));
        Assert.Empty(Handle(new ReplicationEvent.ArcsNotTold(Peer(50), asked[1].Number)));
        Assert.Equal([new ReplicationEffect.LeaveReady()], Handle(Agreed(asked[2])));
    }

    [Fact]
    public void Claims_are_bounded()
    {
        Settle();
        for (int i = 0; i < 300; i++)
        {
            var claimant = new PeerRef(Identifier.FromUInt64(Bits, (ulong)(100 + (i % 100))), $"127.0.0.1:{50_000 + i}");
            Handle(new ReplicationEvent.Claimed(claimant, ObjectPlace.ObjectsOn(new Arc(Id(60), claimant.Id))));
        }

        // The oldest were let go; a state that grew with every claim would keep them all.
        Assert.False(State.Owns(EntryOn(100, 1).Id));
        Assert.InRange(State.ClaimCount, 1, 2 * ChordParameters.MaxSuccessorListLength);
    }
}
