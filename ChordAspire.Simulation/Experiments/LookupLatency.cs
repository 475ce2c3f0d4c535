namespace ChordAspire.Simulation.Experiments;

/// <summary>How long a lookup takes, with the round trips of the paper's prototype.</summary>
public sealed class LookupLatency(int[] sizes, int lookups) : Experiment("fig13", "Latency of lookups")
{
    private const string Median = "median lookup in ms";
    private const string Rounds = "median lookup in round trips";
    private const int LargeEnough = 40;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(60);

    public static LookupLatency Full { get; } = new([10, 20, 40, 60, 80, 100, 120, 140, 160, 180], lookups: 4_000);

    public static LookupLatency Quick { get; } = new([10, 180], lookups: 1_000);

    public override string Source => "SIGCOMM 2001 §6.6, figure 13";

    public override string Setting =>
        $"Ideal rings with fingers and one successor, {lookups:#,0} lookups each; every round trip takes {RoundTrip.TotalMilliseconds} ms, the typical one between the paper's ten sites. The owner is asked too: one round trip "
        + "more than to its predecessor. Means stand beside ½ log2 N + 1, the exchanges to expect.";

    public override Findings Run(ExperimentRun run)
    {
        LookupTally[] tallies = run.ForEach(sizes, Measure);
        return new Findings(
            [.. sizes.SelectMany((peers, at) => RowsOf(peers, tallies[at]))],
            [
                new Chart(Title, "peers", "round trips",
                [
                    new ChartSeries("mean", ChartStyle.Ours, [.. sizes.Select((peers, at) => new ChartPoint(peers, tallies[at].Milliseconds.Mean / RoundTrip.TotalMilliseconds))]),
                    new ChartSeries("median", ChartStyle.Aside, [.. sizes.Select((peers, at) => new ChartPoint(peers, tallies[at].Milliseconds.Median / RoundTrip.TotalMilliseconds))]),
                    new ChartSeries("paper, at 60 ms", ChartStyle.Paper,
                        [.. sizes.Where(peers => Published.Paper(Id, NameOf(peers), Median) is not null).Select(peers => new ChartPoint(peers, Published.Number(Id, NameOf(peers), Median) / RoundTrip.TotalMilliseconds))]),
                ]),
            ],
            [
                "The prototype ran on ten real sites with several peers on each, so that some of its exchanges stayed within a site; here each costs the full round trip. The median of whole round trips moves in steps.",
            ]);
    }

    private static string NameOf(int peers) => $"{peers} peers";

    private IEnumerable<FindingRow> RowsOf(int peers, LookupTally tally)
    {
        double mean = tally.Milliseconds.Mean / RoundTrip.TotalMilliseconds;
        double expected = (0.5 * Math.Log2(peers)) + 1;
        yield return Row(NameOf(peers), Median, tally.Milliseconds.Median);
        yield return Row(NameOf(peers), Rounds, tally.Milliseconds.Median / RoundTrip.TotalMilliseconds, peers == 180
            ? Tolerance.Around(Published.Number(Id, NameOf(peers), Rounds), 1, "the paper expects about five; a median of whole round trips moves in steps of one")
            : null);
        yield return Row(NameOf(peers), FormattableString.Invariant($"mean in round trips; ½ log2 N + 1 = {expected:0.00}"), mean, peers < LargeEnough
            ? null
            : Tolerance.Around(expected, 0.3, "½ log2 N is a bound for large N; an asker that owns the key itself, or whose successor does, saves some"));
    }

    private LookupTally Measure(int peers, Seed seed)
    {
        const int Rings = 10;
        return LookupTally.Sum(Enumerable.Range(0, Rings).Select(at => MeasureRing(peers, new Seed(unchecked(seed.Number + (ulong)at)), lookups / Rings)));
    }

    private static LookupTally MeasureRing(int peers, Seed seed, int lookups)
    {
        var options = new RingOptions
        {
            Seed = seed,
            Timings = PaperRing.Still,
            Network = new NetworkOptions { Latency = new ConstantLatency(RoundTrip / 2) },
        };
        SimulatedRing ring = PaperRing.Build(options, peers, successors: 1);
        var load = new LookupLoad(ring, new OwnerOracle(ring), seed.For(ChanceUse.Workload));
        load.RunOneByOne(lookups);
        return load.Tally;
    }
}
