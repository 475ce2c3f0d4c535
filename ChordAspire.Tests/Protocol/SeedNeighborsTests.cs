using ChordAspire.Protocol;
using static ChordAspire.Tests.Protocol.ScriptedSeedCalls;

namespace ChordAspire.Tests.Protocol;

/// <summary>How our peers answer for a seed peer's neighbours, against peers that answer by a script. The asker is 10, and the seed peer behind it is 20, if not said otherwise.</summary>
public sealed class SeedNeighborsTests
{
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

    private static IEnumerable<ulong> Ids(Neighbors told) => told.Successors.Peers.Select(peer => peer.Id.ToUInt64());

    private static void AssertWholeRing(PeerState joining, Neighbors told) => Assert.Equal(
        new SuccessorList([Peer(20)], spansRing: true), SuccessorList.AtBirth(joining.Self, Peer(20), told.Successors, Parameters.SuccessorListLength, out _));

    private Task<Neighbors?> AskAsync(PeerState asker) => _neighbors.ReadNeighborsAsync(asker, Peer(20));

    private static PeerRef Peer(ulong id) => ScriptedSeedCalls.Peer(id);
}
