using System.Collections.Immutable;
using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>Mixed rings under faults drawn from a seed.</summary>
public sealed class MixedSweepTests(ITestOutputHelper output)
{
    [Fact]
    public void Three_hundred_mixed_rings_hold_and_all_that_should_go_wrong_does()
    {
        MixedReport report = MixedSweep.Run(new Seed(1), 300, seedPeers: 3, cancellationToken: TestContext.Current.CancellationToken);
        output.WriteLine($"in order at most {report.TimeToOrderMax} after the last fault, {report.Taught} times a seed peer was told of a successor");
        Assert.True(report.Passed, string.Join('\n', report.Violations.Select(outcome => $"seed {outcome.Plan.Seed}: {outcome.Violation}")));
        FaultKind[] expected = [FaultKind.Join, FaultKind.Crash, FaultKind.Restart, FaultKind.Leave, FaultKind.Pause];
        Assert.Equal(expected, report.OurFaults.Keys);
        Assert.Equal(expected, report.SeedFaults.Keys);
        Assert.Equal(Enum.GetValues<SeedFlaw>().Except([SeedFlaw.None]), report.Flaws.Keys);
        Assert.True(report.Taught > 0);
    }

    [Fact]
    public void A_mixed_run_is_the_same_every_time_in_whatever_context()
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        for (ulong seed = 1; seed <= 40; seed++)
        {
            MixedOutcome first = MixedRun.Run(new Seed(seed), seedPeers: 3);
            SynchronizationContext.SetSynchronizationContext(new Elsewhere());
            MixedOutcome second = MixedRun.Run(new Seed(seed), seedPeers: 3);
            SynchronizationContext.SetSynchronizationContext(context);
            Assert.Equal((first.Hash, first.Events, first.Verdict), (second.Hash, second.Events, second.Verdict));
        }
    }

    /// <summary>A checker is only believed once it has failed.</summary>
    [Fact]
    public void That_seed_peers_are_taught_nothing_is_found()
    {
        MixedReport report = MixedSweep.Run(
            new Seed(1), 100, seedPeers: 3, MixedRules.Production with { SeedCalls = calls => new TeachesNobody(calls) }, cancellationToken: TestContext.Current.CancellationToken);
        output.WriteLine(string.Join(", ", report.ViolationsByKind));
        Assert.True(report.ViolationsByKind.ContainsKey(ViolationKind.NotIdealInTime));
    }

    /// <summary>Where what waits goes back to this context, it never goes on.</summary>
    private sealed class Elsewhere : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new InvalidOperationException("Something went on elsewhere.");
    }

    private sealed class TeachesNobody(ISeedCalls calls) : ISeedCalls
    {
        public Task<PeerContact> PingAsync(PeerRef peer) => calls.PingAsync(peer);

        public Task<(PeerContact Contact, Neighbors? Told)> ReadNeighborsAsync(PeerRef peer) => calls.ReadNeighborsAsync(peer);

        public Task TellPredecessorAsync(PeerRef peer, PeerRef predecessor) => calls.TellPredecessorAsync(peer, predecessor);

        public Task<SeedReply> FindSuccessorAsync(PeerRef seed, Identifier id) => calls.FindSuccessorAsync(seed, id);

        public Task<SeedReply> GetPredecessorAsync(PeerRef seed) => calls.GetPredecessorAsync(seed);

        public Task<ImmutableArray<PeerRef>> GetFingersAsync(PeerRef seed) => calls.GetFingersAsync(seed);

        public Task NotifySeedAsync(PeerRef seed, PeerRef predecessor) => calls.NotifySeedAsync(seed, predecessor);

        public Task UpdateSuccessorAsync(PeerRef seed, PeerRef successor) => Task.CompletedTask;

        public Task UpdatePredecessorAsync(PeerRef seed, PeerRef predecessor) => Task.CompletedTask;

        public void Report(PeerRef seed, SeedFault fault, PeerRef? about) => calls.Report(seed, fault, about);
    }
}
