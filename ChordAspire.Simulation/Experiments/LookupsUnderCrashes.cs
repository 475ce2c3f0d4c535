namespace ChordAspire.Simulation.Experiments;

/// <summary>Lookups while peers join and crash.</summary>
public sealed class LookupsUnderCrashes(int peers, int lookups, double[] rates) : Experiment("fig12", "Failed lookups while peers join and crash")
{
    private const string Failed = "failed lookups";

    public static LookupsUnderCrashes Full { get; } = new(peers: 500, lookups: 3_600, [0.01, 0.02, 0.05, 0.1]);

    public static LookupsUnderCrashes Quick { get; } = new(peers: 200, lookups: 400, [0.1]);

    public override string Source => "SIGCOMM 2001 §6.5, figure 12";

    public override string Setting =>
        $"{peers:#,0} peers, r = 4 (the production default), joins and crashes each as a Poisson process of rate R, {lookups:#,0} lookups, one each second on average; successor and all fingers stabilized "
        + "each 30 s on average; one-way delays exponential, mean 50 ms. A lookup fails where it names no owner, or a peer that was not the owner at either end of the lookup.";

    public override Findings Run(ExperimentRun run)
    {
        LookupTally[] tallies = run.ForEach(rates.Reverse().ToArray(), Measure);
        Array.Reverse(tallies);
        return new Findings(
            [.. rates.SelectMany((rate, at) => RowsOf(rate, tallies[at]))],
            [
                new Chart(Title, "joins, and crashes, per second", "part of lookups failed",
                [
                    new ChartSeries("ours", ChartStyle.Ours, [.. rates.Select((rate, at) => new ChartPoint(rate, PartFailed(tallies[at])))]),
                    new ChartSeries("paper", ChartStyle.Paper, [.. rates.Select(rate => new ChartPoint(rate, Published.Number(Id, NameOf(rate), Failed)))]),
                ]),
            ],
            [
                "The paper's lookup fails at the first dead peer on its way and is not tried again; the production lookup goes round it, and learns of newcomers from the owner. "
                + "That is why far fewer fail here; the time-outs show how often a dead peer was met.",
            ]);
    }

    private static double PartFailed(LookupTally tally) => tally.Failed / (double)Math.Max(1, tally.Ended);

    private static string NameOf(double rate) => FormattableString.Invariant($"R = {rate:0.00}/s");

    private IEnumerable<FindingRow> RowsOf(double rate, LookupTally tally)
    {
        yield return Row(NameOf(rate), Failed, PartFailed(tally), Tolerance.AtMost(Published.Number(Id, NameOf(rate), Failed), "the paper's; less is better"));
        yield return Row(NameOf(rate), "timeouts", Value.MeanOf(tally.TimeoutsInAll));
        yield return Row(NameOf(rate), "hops to the predecessor", Value.MeanOf(tally.HopsToPredecessor));
    }

    private LookupTally Measure(double rate, Seed seed)
    {
        var options = new RingOptions
        {
            Seed = seed,
            Timings = PaperRing.OfTheJournal with { FingersAtOnce = (int)Math.Ceiling(Math.Log2(peers)) },
            Network = new NetworkOptions { Latency = new ExponentialLatency(TimeSpan.FromMilliseconds(50)) },
        };
        SimulatedRing ring = PaperRing.Build(options, peers, options.Parameters.SuccessorListLength);
        return LookupsUnderChurn.Measure(ring, rate, Departure.Crash, lookups);
    }
}
