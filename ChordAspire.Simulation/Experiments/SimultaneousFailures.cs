using ChordAspire.Protocol;

namespace ChordAspire.Simulation.Experiments;

/// <summary>Lookups just after a part of all peers has failed at once, before anything is repaired.</summary>
public sealed class SimultaneousFailures(int peers, int lookups, int draws) : Experiment("table2", "Lookups after many failures at once")
{
    private const int SuccessorListLength = 20;
    private const string Hops = "hops to the predecessor";
    private const string Timeouts = "timeouts";
    private static readonly bool[] Both = [false, true];
    private static readonly double[] Parts = [0, 0.1, 0.2, 0.3, 0.4, 0.5];

    public static SimultaneousFailures Full { get; } = new(peers: 1_000, lookups: 4_000, draws: 10);

    public static SimultaneousFailures Quick { get; } = new(peers: 1_000, lookups: 1_000, draws: 4);

    public override string Source => "ToN 2003 §V-D, table II";

    public override string Setting =>
        $"{peers:#,0} peers, r = {SuccessorListLength}, each failing with probability p; no stabilization, and no finger is dropped, as in the paper. {lookups:#,0} lookups from the rest, for each of "
        + $"{draws} rings and draws of the dead; failures are counted over all draws, per 10,000. Timeouts are peers asked on the way to the key's predecessor that did not answer; the owner is asked too here, and "
        + "the dead among those who might be it are counted apart. 'Fingers dropped' lets the production protocol forget the fingers that its own lookups met dead.";

    public override Findings Run(ExperimentRun run)
    {
        (double Part, bool Forgets, int Draw)[] cases = [.. from part in Parts from forgets in Both from draw in Enumerable.Range(0, draws) select (part, forgets, draw)];
        LookupTally[] tallies = run.ForEach(cases, (one, seed) => Measure(one.Part, one.Forgets, seed));
        LookupTally[] Of(double part, bool forgets) => [.. tallies.Where((_, at) => cases[at].Part == part && cases[at].Forgets == forgets)];
        Chart ChartOf(string title, string y, Func<LookupTally, Distribution> measure, string quantity) => new(title, "part of peers failed", y,
        [
            new ChartSeries("ours", ChartStyle.Ours, [.. Parts.Select(part => new ChartPoint(part, measure(LookupTally.Sum(Of(part, false))).Mean))]),
            new ChartSeries("ours, fingers dropped", ChartStyle.Aside, [.. Parts.Select(part => new ChartPoint(part, measure(LookupTally.Sum(Of(part, true))).Mean))]),
            new ChartSeries("paper", ChartStyle.Paper, [.. Parts.Select(part => new ChartPoint(part, Published.Number(Id, NameOf(part), quantity)))]),
        ]);
        return new Findings(
            [.. Parts.SelectMany(part => RowsOf(part, Of(part, false), LookupTally.Sum(Of(part, true))))],
            [ChartOf("Path length", Hops, tally => tally.HopsToPredecessor, Hops), ChartOf("Timeouts", "timeouts per lookup", tally => tally.Timeouts, Timeouts)],
            []);
    }

    private IEnumerable<FindingRow> RowsOf(double part, LookupTally[] draws, LookupTally forgetting)
    {
        LookupTally all = LookupTally.Sum(draws);
        double path = Published.Number(Id, NameOf(part), Hops);
        double timeouts = Published.Number(Id, NameOf(part), Timeouts);
        yield return Row(NameOf(part), Hops, Value.MeanOf(all.HopsToPredecessor), part == 0.5
            ? Tolerance.AtMost(5.1, "the paper's, rounded up; less is better")
            : Tolerance.Around(path, 0.15, "rings differ by 0.03, and one draw of the dead from another by up to 0.1"));
        yield return Row(NameOf(part), Timeouts, Value.MeanOf(all.Timeouts), Tolerance.AtMost(
            part == 0.5 ? 5.1 : timeouts + 0.05, "the paper's, rounded up; less is better"));
        yield return Row(NameOf(part), "failed of 10,000", all.Failed * 10_000.0 / Math.Max(1, all.Ended), Tolerance.AtMost(0, "each lookup must find the true owner"));
        yield return Row(NameOf(part), "dead owners asked", all.TimeoutsInAll.Mean - all.Timeouts.Mean);
        yield return Row(NameOf(part), "timeouts, fingers dropped", Value.MeanOf(forgetting.Timeouts));
    }

    private static string NameOf(double part) => FormattableString.Invariant($"p = {part:0.0}");

    private LookupTally Measure(double part, bool forgets, Seed seed)
    {
        var ring = PaperRing.Build(
            new RingOptions
            {
                Seed = seed,
                Parameters = new ChordParameters(SuccessorListLength: SuccessorListLength),
                Timings = PaperRing.Still with { RequestTimeout = TimeSpan.FromHours(1) },
                Rules = (state, input) => Unrepaired(state, input, forgets),
            },
            peers,
            SuccessorListLength);
        Chance faults = seed.For(ChanceUse.Faults);
        foreach (SimulatedPeer peer in ring.Peers)
        {
            if (faults.Happens(part))
                ring.Crash(peer);
        }
        var load = new LookupLoad(ring, new OwnerOracle(ring), seed.For(ChanceUse.Workload));
        load.RunOneByOne(lookups);
        return load.Tally;
    }

    /// <summary>The production rules, without the stabilization that a peer found silent sets off; the paper's peers do not even forget their fingers.</summary>
    private static Step Unrepaired(PeerState state, ChordEvent input, bool forgets) =>
        input is ChordEvent.Suspected(PeerRef peer) && (!forgets || state.Successors.First == peer) ? Step.Stay(state) : ChordProtocol.Handle(state, input);
}
