namespace ChordAspire.Simulation.Experiments;

/// <summary>How many keys a process holds that carries several identifiers.</summary>
public sealed class VirtualPeers(int processes, int keys, int[] identifiers, int repetitions) : Experiment("fig9", "Keys per process with virtual peers")
{
    private const string P99 = "99th percentile / mean";

    public static VirtualPeers Full { get; } = new(processes: 10_000, keys: 1_000_000, [1, 2, 5, 10, 20, 100], repetitions: 4);

    public static VirtualPeers Quick { get; } = new(processes: 1_000, keys: 100_000, [1, 5, 20], repetitions: 6);

    public override string Source => "SIGCOMM 2001 §6.2, figure 9";

    public override string Setting =>
        $"{processes:#,0} processes, {keys:#,0} keys, {repetitions} repetitions (one for 100 identifiers); means over the repetitions. Each identifier is a peer of the ring.";

    public override Findings Run(ExperimentRun run)
    {
        int[] trials = [.. identifiers.OrderDescending().SelectMany(count => Enumerable.Repeat(count, count > 20 ? 1 : repetitions))];
        Distribution[] loads = run.ForEach(trials, (count, seed) =>
        {
            var placement = new KeyPlacement(seed.For(ChanceUse.Places), processes, count);
            placement.Store(seed.For(ChanceUse.Workload), keys);
            return placement.Loads;
        });
        double Mean(int count, Func<Distribution, double> measure) => loads.Where((_, at) => trials[at] == count).Average(load => measure(load) / load.Mean);
        ChartPoint[] Line(Func<Distribution, double> measure) => [.. identifiers.Select(count => new ChartPoint(count, Mean(count, measure)))];
        return new Findings(
            [.. identifiers.SelectMany(count => RowsOf(count, measure => Mean(count, measure)))],
            [
                new Chart(Title, "identifiers per process", "keys / mean",
                [
                    new ChartSeries("99th percentile", ChartStyle.Ours, [.. Line(load => load.At(0.99))]),
                    new ChartSeries("1st percentile", ChartStyle.Aside, [.. Line(load => load.At(0.01))]),
                    new ChartSeries("paper", ChartStyle.Paper, [.. identifiers.Where(count => PaperAt(count) is not null).Select(count => new ChartPoint(count, PaperAt(count)!.Value.Number))]),
                ], LogX: true),
            ],
            []);
    }

    private Value? PaperAt(int count) => Published.Paper(Id, NameOf(count), P99);

    private IEnumerable<FindingRow> RowsOf(int count, Func<Func<Distribution, double>, double> mean)
    {
        Tolerance? p99 = count switch
        {
            1 => Tolerance.Around(4.8, 0.4, "the figure is read to 0.1, and one ring's percentile spreads by 0.1; arcs alone give ln 100 = 4.6"),
            20 => Tolerance.AtMost(1.65, "the goal, and what the best reproduction has; arcs alone give 1.59, and a hundred keys a process add the rest"),
            100 => Tolerance.AtMost(1.35, "what arcs and a hundred keys a process give by calculation"),
            _ => null,
        };
        yield return Row(NameOf(count), "1st percentile / mean", mean(load => load.At(0.01)));
        yield return Row(NameOf(count), P99, mean(load => load.At(0.99)), p99);
        yield return Row(NameOf(count), "largest / mean", mean(load => load.Max));
    }

    private static string NameOf(int count) => count == 1 ? "1 identifier" : $"{count} identifiers";
}
