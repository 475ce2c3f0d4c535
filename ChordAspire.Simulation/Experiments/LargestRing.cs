using System.Diagnostics;

namespace ChordAspire.Simulation.Experiments;

/// <summary>How large a ring of full peers fits this machine, what a peer takes, and whether lookups still are as long as they should be.</summary>
/// <param name="sizes">Peers, ascending: the peak of memory is the process's, so that of a small ring must be read first.</param>
public sealed class LargestRing(int[] sizes, int lookups, TimeSpan duration) : Experiment("largest", "The largest ring")
{
    private const double Megabyte = 1024 * 1024;
    private const double BelowHalfLog2 = 0.4;
    private const double MegabytesAt10000 = 2 * 1024;
    private const double MegabytesAt100000 = 16 * 1024;

    public static LargestRing Full { get; } = new([1_000, 10_000, 100_000], lookups: 5_000, TimeSpan.FromSeconds(3));

    public static LargestRing Quick { get; } = new([1_000, 4_000], lookups: 2_000, TimeSpan.FromSeconds(2));

    public override string Source => "beyond the papers";

    public override string Setting =>
        "Full peers of the production protocol, placed on an ideal ring (r = 4, all fingers), with the production clocks running for "
        + $"{duration.TotalSeconds:0} s of virtual time: each stabilizes every 0.4 s and looks up a finger each second. "
        + $"One-way delays 10 to 50 ms. {lookups:#,0} lookups meanwhile. Memory and times are of this machine and this run; sizes come one after "
        + "the other, and the peak is that of the process up to then.";

    public override Findings Run(ExperimentRun run)
    {
        // One at a time: memory and processor time are to be those of one ring.
        Outcome[] outcomes = [.. sizes.Select(peers => run.ForEach([peers], Measure)[0])];
        return new Findings(
            [.. sizes.SelectMany((peers, at) => RowsOf(peers, outcomes[at]))],
            [
                new Chart("Hops", "peers", "hops to the predecessor",
                [
                    new ChartSeries("mean", ChartStyle.Ours, [.. sizes.Select((peers, at) => new ChartPoint(peers, outcomes[at].Tally.HopsToPredecessor.Mean))]),
                    new ChartSeries("½ log2 N", ChartStyle.Aside, [.. sizes.Select(peers => new ChartPoint(peers, HalfLog2(peers)))]),
                ], LogX: true),
                new Chart("Memory", "peers", "MB, peak of the process",
                    [new ChartSeries("peak", ChartStyle.Ours, [.. sizes.Select((peers, at) => new ChartPoint(peers, outcomes[at].PeakMegabytes))])], LogX: true, LogY: true),
            ],
            []);
    }

    private static double HalfLog2(int peers) => 0.5 * Math.Log2(peers);

    private IEnumerable<FindingRow> RowsOf(int peers, Outcome outcome)
    {
        string row = $"N = {peers:#,0}";
        yield return Row(row, "ideal in the end (1: yes)", outcome.IsIdeal ? 1 : 0, new Tolerance(1, 1, "housekeeping must change nothing in an ideal ring"));
        yield return Row(row, "failed lookups", outcome.Tally.Failed, Tolerance.AtMost(0, "nobody fails"));
        yield return Row(row, FormattableString.Invariant($"hops to the predecessor; ½ log2 N = {HalfLog2(peers):0.00}"), Value.MeanOf(outcome.Tally.HopsToPredecessor),
            Tolerance.Around(HalfLog2(peers) - BelowHalfLog2, 0.15, "with four successors the rings of figure 10 lie 0.4 below ½ log2 N from 1,024 to 16,384 peers"));
        yield return Row(row, "KB of heap a peer", outcome.HeapBytes / 1024 / peers);
        yield return Row(row, "MB, peak of the process", outcome.PeakMegabytes, peers switch
        {
            10_000 => Tolerance.AtMost(MegabytesAt10000, "the goal of 2 GB"),
            100_000 => Tolerance.AtMost(MegabytesAt100000, "the goal of 16 GB"),
            _ => null,
        });
        yield return Row(row, "seconds to place", outcome.Building.TotalSeconds);
        yield return Row(row, "events, millions", outcome.Events / 1e6);
        yield return Row(row, "events a second of processor time, millions", outcome.Events / 1e6 / outcome.Running.TotalSeconds);
    }

    private Outcome Measure(int peers, Seed seed)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long begun = TimeProvider.System.GetTimestamp();
        var ring = new SimulatedRing(new RingOptions
        {
            Seed = seed,
            Network = new NetworkOptions { Latency = new UniformLatency(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)) },
        });
        IdealRing.Build(ring, peers);
        TimeSpan building = TimeProvider.System.GetElapsedTime(begun);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        var oracle = new OwnerOracle(ring);
        var load = new LookupLoad(ring, oracle, seed.For(ChanceUse.Workload));
        load.KeepBeginning(duration / (2 * lookups), lookups);
        ring.RunFor(duration);
        TimeSpan running = Environment.CpuUsage.TotalTime - processor;
        bool isIdeal = new InvariantChecker(ring.Parameters.SuccessorListLength).IsIdeal([.. oracle.Members.Select(member => member.State)]);
        long heap = GC.GetTotalMemory(forceFullCollection: true) - before;
        using Process self = Process.GetCurrentProcess();
        var outcome = new Outcome(load.Tally, isIdeal, heap, self.PeakWorkingSet64 / Megabyte, building, running, ring.EventsDone);
        GC.KeepAlive(ring);
        return outcome;
    }

    private sealed record Outcome(LookupTally Tally, bool IsIdeal, double HeapBytes, double PeakMegabytes, TimeSpan Building, TimeSpan Running, long Events);
}
