using ChordAspire.Protocol;
using ChordAspire.Simulation;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Tests.Papers;

public sealed class SelectionWalkTests
{
    private static readonly Seed Seed = new(3);
    private static readonly PeerRef[] Sorted = Draw(200);

    [Fact]
    public void Where_all_latencies_are_equal_a_walk_takes_the_hops_of_the_production_lookup()
    {
        SimulatedRing ring = PaperRing.Build(new RingOptions { Seed = Seed, Timings = PaperRing.Still }, peers: 200, successors: 1);
        PeerRef[] sorted = [.. ring.Peers.Select(peer => peer.Self).OrderBy(self => self.Id)];
        SelectionWalk walk = Walk(sorted, choice: 1, new ConstantLatency(TimeSpan.FromMilliseconds(10)));
        int compared = 0;
        var load = new LookupLoad(ring, new OwnerOracle(ring), Seed.For(ChanceUse.Workload))
        {
            Ended = (lookup, _) =>
            {
                if (walk.LookUp(Array.IndexOf(sorted, lookup.Asker.Self), lookup.Key) is not { } stretch)
                    return;
                compared++;
                Assert.Equal(lookup.Outcome!.HopsToPredecessor, stretch.Iterative);
            },
        };
        load.RunOneByOne(100);
        Assert.InRange(compared, 90, 100);
    }

    [Fact]
    public void Handing_on_takes_one_way_a_hop_and_one_way_back()
    {
        SelectionWalk walk = Walk(Sorted, choice: 1, new ConstantLatency(TimeSpan.FromMilliseconds(10)));
        Stretch[] stretches = LookUp(walk);
        Assert.All(stretches, stretch => Assert.Equal((stretch.Iterative + (stretch.Iterative == 0 ? 0 : 1)) / 2, stretch.Recursive));
    }

    [Fact]
    public void Choice_among_more_peers_shortens_the_way()
    {
        Distribution With(int choice) => new(LookUp(Walk(Sorted, choice, new SpaceLatency(Seed, TimeSpan.FromMilliseconds(200)))).Select(stretch => stretch.Recursive));
        Assert.InRange(With(16).Median, 0.1, 0.8 * With(1).Median);
    }

    private static Stretch[] LookUp(SelectionWalk walk)
    {
        Chance keys = Seed.For(ChanceUse.Workload);
        return [.. Enumerable.Range(0, 300).Select(_ => walk.LookUp(keys.Next(Sorted.Length), keys.NextIdentifier(Identifier.MaxBits))).OfType<Stretch>()];
    }

    private static SelectionWalk Walk(PeerRef[] sorted, int choice, LatencyModel latency) => new(sorted, choice, latency, Seed.For(ChanceUse.Network));

    private static PeerRef[] Draw(int count)
    {
        Chance places = Seed.For(ChanceUse.Plan);
        return [.. Enumerable.Range(0, count).Select(host => new PeerRef(places.NextIdentifier(Identifier.MaxBits), HostNames.Of(host))).OrderBy(peer => peer.Id)];
    }
}
