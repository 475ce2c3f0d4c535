using ChordAspire.Protocol;

namespace ChordAspire.Simulation.Experiments;

/// <summary>Lookups while peers come and go.</summary>
public sealed class LookupsUnderChurn : Experiment
{
    private const string Hops = "hops to the predecessor";
    private const string Timeouts = "timeouts";
    private const string Failed = "failed of 10,000";
    private const int SuccessorListLength = 20;
    private static readonly TimeSpan BetweenLookups = TimeSpan.FromSeconds(1);
    private static readonly double[] AllRates = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4];
    private readonly Departure _departure;
    private readonly int _peers;
    private readonly int _lookups;
    private readonly double[] _rates;

    private LookupsUnderChurn(string id, string title, Departure departure, int peers, int lookups, double[] rates) : base(id, title) =>
        (_departure, _peers, _lookups, _rates) = (departure, peers, lookups, rates);

    public static LookupsUnderChurn Full { get; } = Leaving(1_000, 10_000, AllRates);

    public static LookupsUnderChurn Quick { get; } = Leaving(500, 500, [0.05, 0.2]);

    public static LookupsUnderChurn FullWithCrashes { get; } = Crashing(1_000, 10_000, [0.05, 0.1, 0.2, 0.4]);

    public static LookupsUnderChurn QuickWithCrashes { get; } = Crashing(500, 500, [0.05]);

    public override string Source => _departure == Departure.Leave ? "ToN 2003 §V-E, table III" : "beyond the papers: ToN 2003 table III, but peers crash";

    public override string Setting =>
        $"{_peers:#,0} peers, r = {SuccessorListLength}, joins and {(_departure == Departure.Leave ? "voluntary leaves" : "crashes")} each as a Poisson process of rate R, {_lookups:#,0} lookups, one each second on "
        + "average; successor and one finger stabilized each 15 to 45 s; one-way delays exponential, mean 50 ms; silence counts after 500 ms, and for the owner after 2 s. A lookup fails where it names "
        + "no owner, or a peer that was not the owner at either end of the lookup.";

    public override Findings Run(ExperimentRun run)
    {
        LookupTally[] tallies = run.ForEach(_rates.Reverse().ToArray(), (rate, seed) => Measure(Ring(seed), rate, _departure, _lookups));
        Array.Reverse(tallies);
        ChartSeries Ours(Func<LookupTally, double> measure) => new("ours", ChartStyle.Ours, [.. _rates.Select((rate, at) => new ChartPoint(rate, measure(tallies[at])))]);
        ChartSeries Paper(string quantity) => new("paper, with leaves", ChartStyle.Paper, [.. _rates.Select(rate => new ChartPoint(rate, Published.Number("table3", NameOf(rate), quantity)))]);
        return new Findings(
            [.. _rates.SelectMany((rate, at) => RowsOf(rate, tallies[at]))],
            [
                new Chart("Failed lookups", "joins, and departures, per second", Failed, [Ours(FailedOf), Paper(Failed)]),
                new Chart("Timeouts", "joins, and departures, per second", "timeouts per lookup", [Ours(tally => tally.Timeouts.Mean), Paper(Timeouts)]),
            ],
            []);
    }

    /// <summary>Lookups one each second through a ring on which peers join and depart at this rate per second each.</summary>
    internal static LookupTally Measure(SimulatedRing ring, double rate, Departure departure, int lookups)
    {
        Seed seed = ring.Options.Seed;
        var oracle = new OwnerOracle(ring);
        new Churn(ring, oracle, seed.For(ChanceUse.Faults)).Begin(TimeSpan.FromSeconds(1 / rate), departure);
        var load = new LookupLoad(ring, oracle, seed.For(ChanceUse.Workload));
        load.RunUntilAllEnded(BetweenLookups, lookups);
        return load.Tally;
    }

    private static LookupsUnderChurn Leaving(int peers, int lookups, double[] rates) =>
        new("table3", "Lookups while peers join and leave", Departure.Leave, peers, lookups, rates);

    private static LookupsUnderChurn Crashing(int peers, int lookups, double[] rates) =>
        new("table3-crash", "Lookups while peers join and crash, as in table III", Departure.Crash, peers, lookups, rates);

    private static double FailedOf(LookupTally tally) => tally.Failed * 10_000.0 / Math.Max(1, tally.Ended);

    private static string NameOf(double rate) => FormattableString.Invariant($"R = {rate:0.00}/s");

    private SimulatedRing Ring(Seed seed) => PaperRing.Build(
        new RingOptions
        {
            Seed = seed,
            Parameters = new ChordParameters(SuccessorListLength: SuccessorListLength),
            Timings = PaperRing.OfTheJournal,
            Network = new NetworkOptions { Latency = new ExponentialLatency(TimeSpan.FromMilliseconds(50)) },
        },
        _peers,
        SuccessorListLength);

    private IEnumerable<FindingRow> RowsOf(double rate, LookupTally tally)
    {
        bool isPapers = _departure == Departure.Leave;
        yield return Row(NameOf(rate), Hops, Value.MeanOf(tally.HopsToPredecessor), isPapers && _peers == 1_000
            ? Tolerance.Around(Published.Number(Id, NameOf(rate), Hops), 0.25, "the paper's own rows differ by 0.25 without order, and one ring from another by 0.05")
            : null);
        yield return Row(NameOf(rate), Timeouts, Value.MeanOf(tally.Timeouts), isPapers
            ? Tolerance.AtMost(Published.Number(Id, NameOf(rate), Timeouts) + 0.05, "the paper's, and 0.05 for messages of living peers that take longer than 500 ms; less is better")
            : null);
        yield return Row(NameOf(rate), Failed, FailedOf(tally), isPapers
            ? Tolerance.AtMost(rate <= 0.1 ? 0 : Published.Number(Id, NameOf(rate), Failed), "the paper's; less is better")
            : null);
        yield return Row(NameOf(rate), "not the owner at the end, of 10,000", tally.NotOwnerAtEnd * 10_000.0 / Math.Max(1, tally.Ended));
        yield return Row(NameOf(rate), "median ms", tally.Milliseconds.Median);
    }
}
