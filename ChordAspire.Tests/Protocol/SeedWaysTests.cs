using ChordAspire.Protocol;
using static ChordAspire.Tests.Protocol.ScriptedSeedCalls;

namespace ChordAspire.Tests.Protocol;

/// <summary>The way over seed peers to a key, and who stands before them, against peers that answer by a script. The asker is 10, and the seed peer behind it is 20, if not said otherwise.</summary>
public sealed class SeedWaysTests
{
    private readonly ScriptedSeedCalls _calls = new();
    private readonly SeedNeighbors _neighbors;

    public SeedWaysTests() => _neighbors = new SeedNeighbors(_calls);

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

    /// <summary>Of two side by side the second is asked for what lies at exactly the first one's place: that one sends everybody on to it.</summary>
    [Fact]
    public void What_a_seed_peer_is_to_be_given_is_all_that_it_keeps()
    {
        var stretch = new SeedStretch(Peer(20), [Peer(40), Peer(30)]);
        for (int number = 0; number < 2; number++)
        {
            Arc kept = stretch.KeptBy(number, Peer(50));
            for (ulong place = 0; place < 64; place++)
            {
                if (stretch.KeeperOf(Id(place), Peer(50)) == stretch.Seeds[number])
                    Assert.True(kept.Contains(Id(place)), $"{place} is kept by {stretch.Seeds[number]}, and not on {kept}.");
            }
        }
        Assert.Equal(Peer(40), stretch.KeeperOf(Id(30), Peer(50)));
        Assert.Equal(new Arc(Id(29), Id(40)), stretch.KeptBy(0, Peer(50)));
        Assert.Equal(new Arc(Id(20), Id(30)), stretch.KeptBy(1, Peer(50)));
    }

    [Fact]
    public void The_arc_of_a_seed_peer_behind_one_at_zero_begins_before_zero() =>
        Assert.Equal(new Arc(Id(63), Id(5)), new SeedStretch(Peer(50), [Peer(5), Peer(0)]).KeptBy(0, Peer(10)));

    [Fact]
    public void Where_there_is_none_of_ours_but_one_the_arc_of_the_last_seed_peer_begins_behind_that() =>
        Assert.Equal(new Arc(Id(50), Id(30)), new SeedStretch(Before: null, [Peer(40), Peer(30)]).KeptBy(1, Peer(50)));

    [Fact]
    public void A_seed_peer_that_has_just_come_keeps_values_before_anybody_looked_for_it()
    {
        var found = new SeedStretch(Peer(20), [Peer(30)]);
        SeedStretch now = found.EndingAt(Peer(40), Peer(50))!;
        Assert.Equal([Peer(40), Peer(30)], now.Seeds);
        Assert.Equal(Peer(40), now.KeeperOf(Id(35), Peer(50)));
        Assert.Equal(Peer(40), now.KeeperOf(Id(30), Peer(50)));
        Assert.Same(found, found.EndingAt(Peer(30), Peer(50)));
    }

    [Fact]
    public void Seed_peers_that_have_gone_keep_nothing_any_more()
    {
        var found = new SeedStretch(Peer(20), [Peer(40), Peer(30)]);
        SeedStretch now = found.EndingAt(Peer(30), Peer(50))!;
        Assert.Equal([Peer(30)], now.Seeds);
        Assert.Null(now.KeeperOf(Id(35), Peer(50)));
        // Past who stood before them nobody has looked.
        Assert.Null(found.EndingAt(Peer(10), Peer(50)));
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

    private Task<RouteAnswer?> RouteAsync(PeerState asker, ulong key) => _neighbors.RouteAsync(asker, Peer(20), Identifier.FromUInt64(6, key));

    private static PeerRef Peer(ulong id) => ScriptedSeedCalls.Peer(id);

    private static Identifier Id(ulong id) => Peer(id).Id;
}
