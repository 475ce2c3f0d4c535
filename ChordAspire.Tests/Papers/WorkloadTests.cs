using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Papers;

public sealed class WorkloadTests
{
    private static readonly Seed Seed = new(11);

    [Fact]
    public void The_oracle_names_the_owner_that_a_snapshot_names_while_peers_come_and_go()
    {
        SimulatedRing ring = PaperRing.Build(new RingOptions { Seed = Seed }, peers: 24, successors: 4);
        var oracle = new OwnerOracle(ring);
        var churn = new Churn(ring, oracle, Seed.For(ChanceUse.Faults));
        churn.Begin(TimeSpan.FromSeconds(2), Departure.Crash);
        churn.Begin(TimeSpan.FromSeconds(2), Departure.Leave);
        Chance keys = Seed.For(ChanceUse.Workload);
        for (int i = 0; i < 200; i++)
        {
            ring.RunFor(TimeSpan.FromSeconds(0.5));
            Identifier key = keys.NextIdentifier(ring.Parameters.Bits);
            Assert.Equal(ring.Snapshot().OwnerOf(key), oracle.OwnerOf(key));
        }
        Assert.InRange(churn.Joins, 20, 200);
        Assert.InRange(churn.Departures, 20, 200);
    }

    [Fact]
    public void A_lookup_on_a_still_ideal_ring_asks_no_dead_peer_and_finds_the_owner()
    {
        LookupTally tally = LookUp(ring => { });
        Assert.Equal((200, 0, 0), (tally.Ended, tally.Failed, tally.NotOwnerAtEnd));
        Assert.Equal(0, tally.TimeoutsInAll.Max);
        // The owner comes last, except where the asker owns the key.
        Assert.InRange(tally.Hops.Mean - tally.HopsToPredecessor.Mean, 0.9, 1);
    }

    [Fact]
    public void Timeouts_on_the_way_and_dead_owners_are_told_apart()
    {
        LookupTally tally = LookUp(ring =>
        {
            foreach (SimulatedPeer peer in ring.Peers.Where(peer => peer.Host % 3 == 0))
                ring.Crash(peer);
        });
        Assert.Equal(0, tally.Failed);
        Assert.InRange(tally.Timeouts.Mean, 0.1, 3);
        Assert.InRange(tally.TimeoutsInAll.Mean, tally.Timeouts.Mean + 0.1, tally.Timeouts.Mean + 1);
    }

    [Fact]
    public void A_list_of_one_successor_leaves_the_parameters_as_they_are()
    {
        SimulatedRing ring = PaperRing.Build(new RingOptions { Seed = Seed, Timings = PaperRing.Still }, peers: 16, successors: 1);
        Assert.All(ring.Peers, peer => Assert.Equal((1, 4, false), (peer.State.Successors.Count, peer.State.Parameters.SuccessorListLength, peer.State.Successors.SpansRing)));
    }

    [Fact]
    public void Clients_lookups_are_counted_apart_from_maintenance()
    {
        SimulatedRing still = PaperRing.Build(new RingOptions { Seed = Seed, Timings = PaperRing.Still }, peers: 32, successors: 4);
        new LookupLoad(still, new OwnerOracle(still), Seed.For(ChanceUse.Workload)).RunOneByOne(50);
        Assert.Equal(0, still.Traffic.MaintenanceMessages);
        Assert.InRange(still.Traffic.ClientMessages, 100, 1_000);

        SimulatedRing busy = PaperRing.Build(new RingOptions { Seed = Seed }, peers: 32, successors: 4);
        busy.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal((0, 0), (busy.Traffic.ClientMessages, busy.Traffic.ClientBytes));
        // Fingers are looked up too, and that is maintenance.
        Assert.InRange(busy.Traffic.MessagesOf(CallKind.Route), 100, busy.Traffic.MaintenanceMessages);
        Assert.InRange(busy.Traffic.MaintenanceBytes, 40 * busy.Traffic.MaintenanceMessages, 1_000 * busy.Traffic.MaintenanceMessages);
    }

    [Fact]
    public void Sessions_last_their_mean_and_those_met_at_a_random_moment_last_longer_where_tails_are_heavy()
    {
        var mean = TimeSpan.FromMinutes(10);
        // What is left at a random moment is half the mean square over the mean: the mean itself, and three times the mean with shape 0.5.
        Sessions[] both = [Sessions.Exponential(mean), Sessions.HeavyTailed(mean)];
        Assert.Equal([1, 1, 1, 3], both.SelectMany(sessions => new[] { Over(sessions.Draw), Over(sessions.DrawRest) }).Select(ratio => Math.Round(ratio)));
        Assert.InRange(Over(Sessions.HeavyTailed(mean).Draw), 0.95, 1.05);

        double Over(Func<Chance, TimeSpan> draw)
        {
            Chance chance = Seed.For(ChanceUse.Faults);
            return Enumerable.Range(0, 100_000).Average(_ => draw(chance) / mean);
        }
    }

    private static LookupTally LookUp(Action<SimulatedRing> before)
    {
        SimulatedRing ring = PaperRing.Build(
            new RingOptions { Seed = Seed, Parameters = new ChordParameters(SuccessorListLength: 12), Timings = PaperRing.Still }, peers: 60, successors: 12);
        before(ring);
        var load = new LookupLoad(ring, new OwnerOracle(ring), Seed.For(ChanceUse.Workload));
        load.RunOneByOne(200);
        return load.Tally;
    }
}
