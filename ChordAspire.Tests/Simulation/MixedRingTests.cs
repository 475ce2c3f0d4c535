using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>Scripted rings of our peers and seed peers, m = 6 as the seed's own have it.</summary>
public sealed class MixedRingTests
{
    private static readonly TimeSpan AfterJoining = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterAFault = TimeSpan.FromSeconds(5);

    private readonly SimulatedRing _ring = new(new RingOptions
    {
        Seed = new Seed(7),
        Parameters = new ChordParameters(6, 4),
        Network = new NetworkOptions { Latency = new ConstantLatency(TimeSpan.FromMilliseconds(2)), DeadPeersRefuse = true },
    });

    [Fact]
    public void A_ring_of_ours_is_joined_by_two_seed_peers()
    {
        Ours(1, 8, 21, 32, 42, 56);
        JoinSeed(14);
        JoinSeed(48);
        AssertOrderedWithin(AfterJoining);
        AssertLookupsAreRight();
    }

    [Fact]
    public void A_ring_begun_by_a_seed_peer_is_joined_by_five_of_ours()
    {
        SimulatedPeer first = _ring.AddSeedPeer(Id(0));
        _ring.StartSeed(first, target: null);
        foreach (ulong id in new ulong[] { 8, 20, 33, 47, 60 })
            _ring.Start(_ring.AddPeer(Id(id)), first.Host);
        AssertOrderedWithin(AfterJoining);
        AssertLookupsAreRight();
    }

    [Fact]
    public void Both_kinds_stand_in_turn()
    {
        Ours(5);
        foreach (ulong id in new ulong[] { 10, 15, 20, 25, 30, 35, 40 })
        {
            if (id % 10 == 0)
                JoinSeed(id);
            else
                _ring.Start(_ring.AddPeer(Id(id)), 0);
            _ring.RunFor(TimeSpan.FromSeconds(1));
        }
        AssertOrderedWithin(AfterJoining);
        AssertLookupsAreRight();
    }

    [Fact]
    public void A_seed_peer_that_is_killed_costs_the_ring_nothing_else()
    {
        Ours(1, 8, 21, 32, 42, 56);
        SimulatedPeer killed = JoinSeed(14);
        JoinSeed(48);
        AssertOrderedWithin(AfterJoining);
        _ring.Crash(killed);
        AssertOrderedWithin(AfterAFault);
        AssertLookupsAreRight();
    }

    [Theory]
    [InlineData(8)]
    [InlineData(21)]
    public void One_of_ours_is_killed_next_to_a_seed_peer(ulong killed)
    {
        Ours(1, 8, 21, 32, 42, 56);
        JoinSeed(14);
        AssertOrderedWithin(AfterJoining);
        _ring.Crash(_ring.Peers.Single(peer => peer.Self.Id == Id(killed)));
        AssertOrderedWithin(AfterAFault);
        AssertLookupsAreRight();
    }

    [Fact]
    public void One_of_ours_joins_behind_a_seed_peer_that_looks_after_nothing_any_more()
    {
        Ours(1, 8, 21, 32, 42, 56);
        SimulatedPeer seed = JoinSeed(14);
        AssertOrderedWithin(AfterJoining);
        // Nobody helps it in time, so that its housekeeping ends for good.
        foreach (SimulatedPeer peer in _ring.Peers.Where(peer => peer.IsLiveMember))
            peer.Pause();
        _ring.Crash(_ring.Peers.Single(peer => peer.Self.Id == Id(21)));
        _ring.RunFor(TimeSpan.FromSeconds(2));
        foreach (SimulatedPeer peer in _ring.Peers)
            _ring.Resume(peer);
        Assert.False(seed.Seed!.IsMaintaining);
        AssertOrderedWithin(AfterAFault);
        _ring.Start(_ring.AddPeer(Id(17)), 0);
        AssertOrderedWithin(AfterJoining);
        AssertLookupsAreRight();
    }

    [Fact]
    public void A_seed_peer_leaves_between_two_of_ours()
    {
        Ours(1, 8, 21, 32);
        SimulatedPeer leaving = JoinSeed(14);
        AssertOrderedWithin(AfterJoining);
        _ring.Leave(leaving);
        _ring.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.False(leaving.IsAlive);
        AssertOrderedWithin(AfterAFault);
        AssertLookupsAreRight();
    }

    [Fact]
    public void One_of_ours_leaves_between_two_seed_peers_and_tells_both()
    {
        Ours(1, 8, 21, 32, 42);
        SimulatedPeer before = JoinSeed(20);
        SimulatedPeer after = JoinSeed(22);
        AssertOrderedWithin(AfterJoining);
        SimulatedPeer leaving = _ring.Peers.Single(peer => peer.Self.Id == Id(21));
        _ring.Leave(leaving);
        _ring.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.Equal(after.Self, before.Seed!.Successor);
        Assert.Equal(before.Self, after.Seed!.Predecessor);
        AssertOrderedWithin(AfterAFault);
        Assert.True(before.Seed.IsMaintaining);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(14)]
    public void Of_two_seed_peers_side_by_side_one_is_killed(ulong killed)
    {
        Ours(1, 8, 21, 32, 42, 56);
        JoinSeed(12);
        JoinSeed(14);
        AssertOrderedWithin(AfterJoining);
        _ring.Crash(_ring.Peers.Single(peer => peer.Seed is not null && peer.Self.Id == Id(killed)));
        AssertOrderedWithin(AfterAFault);
        AssertLookupsAreRight();
    }

    [Fact]
    public void A_suspended_seed_peer_is_dropped_and_comes_back()
    {
        Ours(1, 8, 21, 32, 42, 56);
        SimulatedPeer seed = JoinSeed(14);
        AssertOrderedWithin(AfterJoining);
        seed.Pause();
        _ring.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(Id(21), _ring.Peers.Single(peer => peer.Self.Id == Id(8)).State.Successors.First!.Id);
        _ring.Resume(seed);
        AssertOrderedWithin(AfterJoining);
        AssertLookupsAreRight();
    }

    [Theory]
    [InlineData(SeedFlaw.NamesNobody)]
    [InlineData(SeedFlaw.NamesItself)]
    [InlineData(SeedFlaw.NamesAnyone)]
    [InlineData(SeedFlaw.Malformed)]
    [InlineData(SeedFlaw.Slow)]
    public void A_bad_seed_peer_does_our_ring_no_harm(SeedFlaw flaw)
    {
        Ours(1, 8, 21, 32, 42, 56);
        _ring.StartSeed(_ring.AddSeedPeer(Id(14), flaw), target: 0);
        _ring.RunFor(TimeSpan.FromSeconds(30));
        AssertOrderedWithin(TimeSpan.Zero);
        // Each of ours has a list as long as ever, if not quite of the same peers.
        Assert.All(_ring.Peers.Where(peer => peer.IsLiveMember), peer => Assert.InRange(peer.State.Successors.Count, 3, 4));
        AssertLookupsAreRight();
        long before = _ring.EventsDone;
        _ring.RunFor(TimeSpan.FromSeconds(10));
        // A quiet ring of six alone takes some 600 events in this time.
        Assert.InRange(_ring.EventsDone - before, 1, 6000);
    }

    private static Identifier Id(ulong id) => Identifier.FromUInt64(6, id);

    private void Ours(params ulong[] ids)
    {
        SimulatedPeer[] peers = [.. ids.Select(id => _ring.AddPeer(Id(id)))];
        IdealRing.Place(_ring, peers);
    }

    private SimulatedPeer JoinSeed(ulong id)
    {
        SimulatedPeer seed = _ring.AddSeedPeer(Id(id));
        _ring.StartSeed(seed, target: 0);
        return seed;
    }

    private void AssertOrderedWithin(TimeSpan limit)
    {
        var order = new MixedOrder(_ring);
        TimeSpan end = _ring.Now + limit;
        while (_ring.Now < end && !IsWhole(order))
            _ring.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Null(order.FirstFault());
        Assert.Equal(0, order.Stranded);
        Assert.False(order.IsAnyHidden);
    }

    private bool IsWhole(MixedOrder order) => order.FirstFault() is null && order.Stranded == 0 && _ring.Peers.All(peer => !peer.IsAlive || peer.IsLiveMember || peer.Seed is { IsListening: true });

    private void AssertLookupsAreRight()
    {
        var order = new MixedOrder(_ring);
        order.Look();
        int ended = 0;
        SimulatedPeer[] askers = [.. _ring.Peers.Where(peer => peer.IsLiveMember)];
        foreach (SimulatedPeer asker in askers)
        {
            for (ulong key = 0; key < 64; key++)
            {
                _ring.LookUp(asker, Id(key), run =>
                {
                    ended++;
                    PeerRef owner = order.OwnerOf(run.Key)!;
                    PeerRef? named = run.Outcome!.Owner;
                    Assert.True(
                        named == owner || (named is not null && order.IsBad(named) && named.Id.IsOnArc(run.Key, owner.Id)) || named?.Id == run.Key,
                        $"{asker} looked up {run.Key} and found {named} ({run.Outcome.Failure}), not {owner}.");
                });
            }
        }
        _ring.RunFor(TimeSpan.FromSeconds(25));
        Assert.Equal(64 * askers.Length, ended);
    }
}
