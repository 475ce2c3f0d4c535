using ChordAspire.Protocol;
using static ChordAspire.Tests.Protocol.ScriptedSeedCalls;

namespace ChordAspire.Tests.Protocol;

/// <summary>What seed peers are told, and when, against peers that answer by a script. The asker is 10, and the seed peer behind it is 20, if not said otherwise.</summary>
public sealed class SeedTeachingTests
{
    private readonly ScriptedSeedCalls _calls = new();
    private readonly SeedNeighbors _neighbors;

    public SeedTeachingTests() => _neighbors = new SeedNeighbors(_calls);

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

    private Task<Neighbors?> AskAsync(PeerState asker) => _neighbors.ReadNeighborsAsync(asker, Peer(20));

    private static PeerRef Peer(ulong id) => ScriptedSeedCalls.Peer(id);
}
