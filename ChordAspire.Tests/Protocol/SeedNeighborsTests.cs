using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

/// <summary>How our peers answer in a seed peer's place, against peers that answer by a script. The asker is 10, and the seed peer behind it is 20, if not said otherwise.</summary>
public sealed class SeedNeighborsTests
{
    private static readonly ChordParameters Parameters = new(Bits: 6, SuccessorListLength: 3);

    private readonly ScriptedSeedCalls _calls = new();
    private readonly SeedNeighbors _neighbors;

    public SeedNeighborsTests() => _neighbors = new SeedNeighbors(_calls);

    [Fact]
    public async Task Behind_a_seed_peer_stands_its_successor_and_what_that_one_tells()
    {
        _calls.Seed(20, successor: 30, predecessor: 10);
        _calls.Ours(30, predecessor: 20, spansRing: false, 40, 50, 10);
        Neighbors told = (await AskAsync(Member(10, 50, 20, 30, 40)))!;
        Assert.Equal(Peer(10), told.Predecessor);
        Assert.Equal([30, 40, 50], Ids(told));
        Assert.False(told.Successors.SpansRing);
        Assert.Empty(_calls.Told);
        Assert.Empty(_calls.Reported);
    }

    [Fact]
    public async Task A_silent_seed_peer_has_no_neighbours() => Assert.Null(await AskAsync(Member(10, 50, 20, 30, 40)));

    [Fact]
    public async Task Two_seed_peers_side_by_side_are_walked_over()
    {
        _calls.Seed(20, successor: 25, predecessor: 10);
        _calls.Seed(25, successor: 30, predecessor: 20);
        _calls.Ours(30, predecessor: 25, spansRing: false, 40, 50, 10);
        Assert.Equal([25, 30, 40], Ids((await AskAsync(Member(10, 50, 20, 30, 40)))!));
        Assert.Equal([20, 25], _neighbors.SeenBy(Member(10, 50, 20, 30, 40)).Select(view => view.Self.Id.ToUInt64()));
    }

    [Fact]
    public async Task The_walk_goes_past_a_silent_successor_to_the_nearest_finger_that_answers()
    {
        _calls.Seed(20, successor: 30, predecessor: 10, 30, 33, 40);
        _calls.Ours(40, predecessor: 30, spansRing: false, 50, 10, 20);
        Neighbors told = (await AskAsync(Member(10, 50, 20, 30, 33)))!;
        Assert.Equal([40, 50], Ids(told).Take(2));
        Assert.Equal([(Peer(20), SeedFault.SilentSuccessor)], _calls.Reported);
    }

    [Fact]
    public async Task The_walk_goes_past_a_silent_successor_to_whom_the_asker_knows()
    {
        _calls.Seed(20, successor: 30, predecessor: 10);
        _calls.Ours(40, predecessor: 30, spansRing: false, 50, 10, 20);
        Assert.Equal([40, 50], Ids((await AskAsync(Member(10, 50, 20, 30, 40)))!).Take(2));
    }

    /// <summary>There may be others before the one that was guessed, so that nothing is a whole ring any more.</summary>
    [Fact]
    public async Task Past_a_silent_successor_no_circle_closes()
    {
        _calls.Seed(20, successor: 30, predecessor: 10, 50);
        _calls.Ours(50, predecessor: 40, spansRing: false, 10, 20);
        PeerState asker = Member(10, 50, 20);
        Neighbors told = (await AskAsync(asker))!;
        Assert.Equal([50], Ids(told));
        Assert.False(SuccessorList.Behind(asker.Self, Peer(20), told.Successors, Parameters.SuccessorListLength, out _).SpansRing);
    }

    [Fact]
    public async Task A_successor_far_past_one_that_the_asker_knows_does_not_hide_it()
    {
        _calls.Seed(20, successor: 10, predecessor: 10);
        _calls.Ours(30, predecessor: 20, spansRing: false, 40, 50, 10);
        Assert.Equal([30, 40, 50], Ids((await AskAsync(Member(10, 50, 20, 30, 40)))!));
    }

    [Fact]
    public async Task A_seed_peer_that_names_itself_for_everything_does_not_close_the_circle()
    {
        ScriptedSeed seed = _calls.Seed(20, successor: 20, predecessor: 20);
        seed.Lie = _ => seed.Self;
        _calls.Ours(30, predecessor: 10, spansRing: false, 40, 50, 10);
        Neighbors told = (await AskAsync(Member(10, 50, 20, 30, 40)))!;
        Assert.Null(told.Predecessor);
        Assert.Equal([30, 40, 50], Ids(told));
        Assert.Equal([(Peer(20), SeedFault.WrongSuccessor)], _calls.Reported);
    }

    /// <summary>One process is one peer, whatever it calls itself.</summary>
    [Fact]
    public async Task Successors_without_end_at_one_address_are_not_followed()
    {
        ScriptedSeed seed = _calls.Seed(20, successor: 21, predecessor: 10);
        seed.Lie = id => new PeerRef(id, seed.Self.Address);
        _calls.Ours(30, predecessor: 10, spansRing: false, 40, 50, 10);
        Assert.Equal([30, 40, 50], Ids((await AskAsync(Member(10, 50, 20, 30, 40)))!));
    }

    [Fact]
    public async Task Two_seed_peers_that_name_each_other_lead_nobody_in_circles()
    {
        _calls.Seed(20, successor: 25, predecessor: 25);
        _calls.Seed(25, successor: 20, predecessor: 20);
        _calls.Ours(30, predecessor: 10, spansRing: false, 40, 50, 10);
        Assert.Equal([25, 30, 40], Ids((await AskAsync(Member(10, 50, 20, 30, 40)))!));
    }

    [Fact]
    public async Task A_successor_that_no_one_listens_at_is_passed_by()
    {
        ScriptedSeed seed = _calls.Seed(20, successor: 21, predecessor: 10);
        seed.Lie = id => new PeerRef(id, "nobody:1");
        _calls.Ours(30, predecessor: 10, spansRing: false, 40, 50, 10);
        Assert.Equal([30, 40, 50], Ids((await AskAsync(Member(10, 50, 20, 30, 40)))!));
    }

    [Fact]
    public async Task Alone_with_a_seed_peer_the_two_are_the_whole_ring()
    {
        _calls.Seed(20, successor: 20, predecessor: 0);
        PeerState joining = PeerState.Create(Peer(10), Parameters);
        Neighbors told = (await AskAsync(joining))!;
        AssertWholeRing(joining, told);
    }

    [Fact]
    public async Task A_seed_peer_that_knows_but_our_former_self_is_alone_with_us_too()
    {
        _calls.Seed(20, successor: 10, predecessor: 10, 10, 20);
        PeerState joining = PeerState.Create(Peer(10), Parameters);
        AssertWholeRing(joining, (await AskAsync(joining))!);
    }

    /// <summary>It is not born with a list that misses the others, but waits until it is forgotten.</summary>
    [Fact]
    public async Task Where_our_former_self_stands_in_a_ring_of_others_it_is_named()
    {
        _calls.Seed(20, successor: 30, predecessor: 10, 30, 50);
        _calls.Ours(10, predecessor: 50, spansRing: false, 20);
        PeerState joining = PeerState.Create(Peer(30), Parameters);
        Assert.Equal([30], Ids((await AskAsync(joining))!));
    }

    [Fact]
    public async Task Who_joins_in_place_of_its_former_self_teaches_last()
    {
        _calls.Seed(20, successor: 30, predecessor: 10, 50);
        _calls.Ours(50, predecessor: 30, spansRing: false, 10, 20);
        PeerState joining = PeerState.Create(Peer(30), Parameters);
        for (int reading = 1; reading < 8; reading++)
            await AskAsync(joining);
        Assert.DoesNotContain(_calls.Told, told => told.Contains("successor is", StringComparison.Ordinal));
        await AskAsync(joining);
        Assert.Contains("20: successor is 50", _calls.Told);
    }

    [Fact]
    public async Task A_seed_peer_is_told_of_a_successor_in_place_of_a_silent_one_after_two_readings()
    {
        _calls.Seed(20, successor: 30, predecessor: 10);
        _calls.Ours(40, predecessor: 20, spansRing: false, 50, 10, 20);
        PeerState asker = Member(10, 50, 20, 30, 40);
        await AskAsync(asker);
        Assert.Empty(_calls.Told);
        await AskAsync(asker);
        Assert.Equal(["20: successor is 40"], _calls.Told);
    }

    [Fact]
    public async Task A_seed_peer_is_told_of_a_closer_successor_only_when_it_does_not_find_it_itself()
    {
        _calls.Seed(20, successor: 40, predecessor: 10);
        _calls.Ours(40, predecessor: 30, spansRing: false, 50, 10, 20);
        _calls.Ours(30, predecessor: 20, spansRing: false, 40, 50, 10);
        PeerState asker = Member(10, 50, 20, 40, 50);
        for (int reading = 1; reading < 8; reading++)
            await AskAsync(asker);
        Assert.Empty(_calls.Told);
        await AskAsync(asker);
        Assert.Contains("20: successor is 30", _calls.Told);
    }

    /// <summary>Also where the seed peer names somebody else all the time, and so never stands in order itself.</summary>
    [Fact]
    public async Task A_peer_whose_predecessor_is_silent_hears_of_the_seed_peer_before_it_after_eight_readings()
    {
        ScriptedSeed seed = _calls.Seed(20, successor: 21, predecessor: 10);
        seed.Lie = id => new PeerRef(id, "nobody:1");
        _calls.Ours(40, predecessor: 30, spansRing: false, 50, 10, 20);
        PeerState asker = Member(10, 50, 20, 40, 50);
        for (int reading = 1; reading < 8; reading++)
            await AskAsync(asker);
        Assert.DoesNotContain("40: predecessor may be 20", _calls.Told);
        await AskAsync(asker);
        Assert.Contains("40: predecessor may be 20", _calls.Told);
    }

    [Fact]
    public async Task A_seed_peer_whose_predecessor_is_silent_is_given_another()
    {
        _calls.Seed(20, successor: 30, predecessor: 15);
        await _neighbors.NotifyAsync(Peer(20), Peer(10));
        Assert.Equal(["20: predecessor is 10"], _calls.Told);
    }

    [Fact]
    public async Task A_seed_peer_whose_predecessor_lives_is_notified_by_closer_ones_only()
    {
        _calls.Seed(20, successor: 30, predecessor: 15);
        _calls.Ours(15, predecessor: 10, spansRing: false, 20);
        await _neighbors.NotifyAsync(Peer(20), Peer(10));
        Assert.Empty(_calls.Told);
        await _neighbors.NotifyAsync(Peer(20), Peer(17));
        Assert.Equal(["20: notified of 17"], _calls.Told);
    }

    [Fact]
    public async Task A_goodbye_gives_each_seed_peer_the_neighbour_on_the_other_side()
    {
        PeerState leaving = Member(10, predecessor: 5, 20, 30);
        _calls.Seed(5, successor: 10, predecessor: 50);
        _calls.Seed(20, successor: 30, predecessor: 10);
        await _neighbors.DepartAsync(leaving, Peer(5));
        await _neighbors.DepartAsync(leaving, Peer(20));
        Assert.Equal(["5: successor is 20", "20: predecessor is 5"], _calls.Told);
    }

    /// <summary>A walk is slow, and whoever reads the asker meanwhile makes it take its round back: the next round has the answer at once.</summary>
    [Fact]
    public async Task What_was_found_in_vain_is_told_once_more()
    {
        _calls.Seed(20, successor: 30, predecessor: 10);
        _calls.Ours(30, predecessor: 20, spansRing: false, 40, 50, 10);
        Step first = ChordProtocol.Handle(Member(10, 50, 20, 40, 50), new ChordEvent.StabilizeDue());
        int question = first.Effects.OfType<Effect.AskNeighbors>().Single().Question;
        Neighbors told = (await AskAsync(first.State))!;
        PeerState read = ChordProtocol.Handle(first.State, new ChordEvent.NeighborsAsked(1)).State;
        Step takenBack = ChordProtocol.Handle(read, new ChordEvent.NeighborsTold(Peer(20), question, told));
        Assert.Contains(takenBack.Effects, effect => effect is Effect.Report(ChordNotice.RoundTakenBack));
        PeerState second = ChordProtocol.Handle(takenBack.State, new ChordEvent.StabilizeDue()).State;
        _calls.Ours(30, predecessor: 20, spansRing: false, 45, 50, 10);
        Assert.Equal([30, 40, 50], Ids((await AskAsync(second))!));
        Assert.Equal([30, 45, 50], Ids((await AskAsync(second))!));
    }

    [Fact]
    public async Task The_stretch_before_a_peer_ends_at_the_next_of_ours()
    {
        _calls.Seed(40, successor: 50, predecessor: 30);
        _calls.Seed(30, successor: 40, predecessor: 20);
        _calls.Ours(20, predecessor: 10, spansRing: false, 30, 40, 50);
        SeedStretch found = (await _neighbors.FindStretchAsync(Member(50, predecessor: 40, 10, 20)))!;
        Assert.Equal(Peer(20), found.Before);
        Assert.Equal([Peer(40), Peer(30)], found.Seeds);
    }

    [Fact]
    public async Task A_stretch_that_goes_round_to_the_peer_itself_has_nobody_before_it()
    {
        _calls.Seed(40, successor: 50, predecessor: 50);
        SeedStretch found = (await _neighbors.FindStretchAsync(Member(50, predecessor: 40, 40)))!;
        Assert.Null(found.Before);
        Assert.Equal([Peer(40)], found.Seeds);
    }

    [Fact]
    public async Task A_stretch_that_goes_back_clockwise_or_into_silence_is_not_to_be_found_out()
    {
        _calls.Seed(40, successor: 50, predecessor: 45);
        Assert.Null(await _neighbors.FindStretchAsync(Member(50, predecessor: 40, 10)));
        _calls.Seed(40, successor: 50, predecessor: 30);
        Assert.Null(await _neighbors.FindStretchAsync(Member(50, predecessor: 40, 10)));
    }

    [Fact]
    public async Task A_seed_peer_owns_what_lies_between_it_and_its_predecessor()
    {
        _calls.Seed(20, successor: 30, predecessor: 10);
        RouteAnswer answer = (await RouteAsync(Member(10, 50, 20, 30), key: 15))!;
        Assert.True(answer.OwnsKey);
        Assert.Equal(Peer(10), answer.Predecessor);
    }

    [Fact]
    public async Task A_seed_peer_owns_nothing_before_the_peers_that_the_asker_knows()
    {
        _calls.Seed(20, successor: 30, predecessor: 50);
        Assert.False((await RouteAsync(Member(10, 50, 20, 30), key: 5))!.OwnsKey);
    }

    [Fact]
    public async Task The_way_to_a_key_behind_a_seed_peer_is_its_successor_or_its_fingers()
    {
        _calls.Seed(20, successor: 30, predecessor: 10, 30, 30, 40, 40, 55);
        PeerState asker = Member(10, 50, 20);
        Assert.Equal(Peer(30), (await RouteAsync(asker, key: 25))!.Successors[0]);
        RouteAnswer farther = (await RouteAsync(asker, key: 50))!;
        Assert.Empty(farther.Successors);
        Assert.Equal([Peer(40), Peer(30)], farther.Closer);
    }

    /// <summary>Of the two, the asker must not take itself for the owner of what lies before its predecessor.</summary>
    [Fact]
    public async Task Where_a_seed_peer_names_one_that_is_silent_the_asker_offers_its_predecessor_before_itself()
    {
        ScriptedSeed seed = _calls.Seed(20, successor: 21, predecessor: 10);
        seed.Lie = id => new PeerRef(id, "nobody:1");
        RouteAnswer answer = (await RouteAsync(Member(10, 50, 20), key: 21))!;
        Assert.Equal([21, 50, 10], answer.Successors.Select(peer => peer.Id.ToUInt64()));
    }

    [Fact]
    public async Task There_is_no_way_over_a_silent_seed_peer() => Assert.Null(await RouteAsync(Member(10, 50, 20), key: 25));

    private static PeerRef Peer(ulong id) => ScriptedSeedCalls.Peer(id);

    private static PeerState Member(ulong self, ulong predecessor, params ulong[] successors) => PeerState.CreateMember(
        Peer(self), Parameters, Peer(predecessor), new SuccessorList([.. successors.Select(Peer)], spansRing: false), FingerTable.Empty);

    private static IEnumerable<ulong> Ids(Neighbors told) => told.Successors.Peers.Select(peer => peer.Id.ToUInt64());

    private static void AssertWholeRing(PeerState joining, Neighbors told) => Assert.Equal(
        new SuccessorList([Peer(20)], spansRing: true), SuccessorList.AtBirth(joining.Self, Peer(20), told.Successors, Parameters.SuccessorListLength, out _));

    private Task<Neighbors?> AskAsync(PeerState asker) => _neighbors.ReadNeighborsAsync(asker, Peer(20));

    private Task<RouteAnswer?> RouteAsync(PeerState asker, ulong key) => _neighbors.RouteAsync(asker, Peer(20), Identifier.FromUInt64(6, key));
}
