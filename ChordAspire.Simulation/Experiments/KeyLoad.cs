namespace ChordAspire.Simulation.Experiments;

/// <summary>How many keys a peer holds, with one identifier each.</summary>
public sealed class KeyLoad(int peers, int step, int steps, int repetitions) : Experiment("fig8", "Keys per peer")
{
    public static KeyLoad Full { get; } = new(peers: 10_000, step: 100_000, steps: 10, repetitions: 20);

    public static KeyLoad Quick { get; } = new(peers: 1_000, step: 10_000, steps: 10, repetitions: 10);

    public override string Source => "SIGCOMM 2001 §6.2, figure 8";

    public override string Setting =>
        $"{peers:#,0} peers, {step:#,0} to {step * steps:#,0} keys in steps of {step:#,0}, {repetitions} repetitions, each with new identifiers; "
        + "means over the repetitions. "
        + "Each key is counted where the production rule (Routing.Owns) says yes.";

    public override Findings Run(ExperimentRun run)
    {
        Distribution[][] trials = run.ForEach(Enumerable.Range(0, repetitions).ToArray(), (_, seed) => Fill(seed));
        double[] keys = [.. Enumerable.Range(1, steps).Select(at => (double)at * step)];
        double Mean(int at, Func<Distribution, double> measure) => trials.Average(trial => measure(trial[at]));
        ChartPoint[] Line(Func<Distribution, double> measure) => [.. keys.Select((count, at) => new ChartPoint(count, Mean(at, measure)))];
        // The paper names its figures at fifty keys a peer.
        int middle = (steps / 2) - 1;
        const string Row = "50 keys per peer";
        return new Findings(
            [
                this.Row(Row, "1st percentile / mean", Mean(middle, load => load.At(0.01) / load.Mean), new Tolerance(0, 0.05, "the figure shows peers that hold nothing at all")),
                this.Row(Row, "99th percentile / mean", Mean(middle, load => load.At(0.99) / load.Mean), Tolerance.Around(
                    Published.Number(Id, Row, "99th percentile / mean"), 0.2, "a percentile of exponential arcs, ln 100 = 4.6, spreads by about 0.1 between rings, and the figure is read to 0.1")),
                this.Row(Row, "largest / mean", Mean(middle, load => load.Max / load.Mean), Tolerance.Around(
                    Published.Number(Id, Row, "largest / mean"), 2.6, "the largest of 10,000 exponential arcs has a standard deviation of 1.28 means; the paper names one ring's")),
            ],
            [
                new Chart(Title, "keys in all", "keys per peer",
                [
                    new ChartSeries("99th percentile", ChartStyle.Aside, [.. Line(load => load.At(0.99))]),
                    new ChartSeries("mean", ChartStyle.Ours, [.. Line(load => load.Mean)]),
                    new ChartSeries("1st percentile", ChartStyle.Aside, [.. Line(load => load.At(0.01))]),
                    new ChartSeries("paper, 99th percentile", ChartStyle.Paper, [new ChartPoint(keys[middle], keys[middle] / peers * Published.Number(Id, Row, "99th percentile / mean"))]),
                ]),
            ],
            []);
    }

    private Distribution[] Fill(Seed seed)
    {
        var placement = new KeyPlacement(seed.For(ChanceUse.Places), peers, identifiersEach: 1);
        Chance keys = seed.For(ChanceUse.Workload);
        var loads = new Distribution[steps];
        for (int at = 0; at < steps; at++)
        {
            placement.Store(keys, step);
            loads[at] = placement.Loads;
        }
        return loads;
    }
}
