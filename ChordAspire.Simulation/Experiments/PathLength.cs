using ChordAspire.Protocol;

namespace ChordAspire.Simulation.Experiments;

/// <summary>How many peers are asked in a lookup on an ideal ring.</summary>
public sealed class PathLength(int log2PeersMax, int lookups) : Experiment("fig10", "Path length")
{
    private const string ToPredecessor = "hops to the predecessor";
    private const int Log2PeersMin = 3;
    private const int PdfLog2Peers = 12;
    private const int DefaultLength = 4;
    private const double ReadTo = 0.1;

    public static PathLength Full { get; } = new(log2PeersMax: 14, lookups: 20_000);

    public static PathLength Quick { get; } = new(log2PeersMax: 10, lookups: 4_000);

    public override string Source => "SIGCOMM 2001 §6.3, figure 10; ToN 2003 §V-C";

    public override string Setting =>
        $"Ideal rings of 2^3 to 2^{log2PeersMax} peers, {lookups:#,0} lookups of random keys per size through random peers, spread over several "
        + "rings where they are small. "
        + "The papers' count: peers asked up to the key's predecessor. The paper's asker does not look whether it owns the key: its lookup goes "
        + "round the circle to its own predecessor, and so it is counted here; the production lookup "
        + "answers such keys by itself ('own keys answered at once'). Keys of the asker's successor ask nobody and are left out: the paper's "
        + "first percentile is 1 where they are more than one in a hundred. "
        + "As in the paper, a peer knows its fingers and one successor; the rows for r = 4 have the production default.";

    public override Findings Run(ExperimentRun run)
    {
        (int Log2, int Length)[] cases = [.. Enumerable.Range(Log2PeersMin, log2PeersMax - Log2PeersMin + 1).Reverse().SelectMany(log2 => new[] { (log2, 1), (log2, DefaultLength) })];
        Trial[] trials = run.ForEach(cases, (one, seed) => Measure(1 << one.Log2, one.Length, seed));
        Trial Of(int log2, int length) => trials[Array.IndexOf(cases, (log2, length))];
        int[] sizes = [.. Enumerable.Range(Log2PeersMin, log2PeersMax - Log2PeersMin + 1)];
        return new Findings(
            [.. sizes.SelectMany(log2 => RowsOf(log2, Of(log2, 1), Of(log2, DefaultLength))), .. log2PeersMax < PdfLog2Peers ? [] : PdfRows(Of(PdfLog2Peers, 1).Asked)],
            [
                new Chart(Title, "peers", "hops to the predecessor",
                [
                    new ChartSeries("mean", ChartStyle.Ours, [.. sizes.Select(log2 => new ChartPoint(1 << log2, Of(log2, 1).Asked.Mean))]),
                    new ChartSeries("1st percentile", ChartStyle.Aside, [.. sizes.Select(log2 => new ChartPoint(1 << log2, Of(log2, 1).Asked.At(0.01)))]),
                    new ChartSeries("99th percentile", ChartStyle.Aside, [.. sizes.Select(log2 => new ChartPoint(1 << log2, Of(log2, 1).Asked.At(0.99)))]),
                    new ChartSeries("paper", ChartStyle.Paper, [.. sizes.Select(log2 => new ChartPoint(1 << log2, Published.Number(Id, NameOf(log2), ToPredecessor)))]),
                ], LogX: true),
            ],
            [.. Differing(sizes, log2 => Of(log2, 1).Asked.Mean)]);
    }

    private IEnumerable<string> Differing(int[] sizes, Func<int, double> ours)
    {
        string[] differing = [.. sizes
            .Select(log2 => (Name: NameOf(log2), Difference: ours(log2) - Published.Number(Id, NameOf(log2), ToPredecessor)))
            .Where(size => Math.Abs(size.Difference) > ReadTo)
            .Select(size => FormattableString.Invariant($"{size.Name} ({size.Difference:+0.00;-0.00})"))];
        if (differing.Length > 0)
            yield return $"More than {ReadTo} from the figure: {string.Join(", ", differing)}. Ours are means of many rings; the paper drew one per size, and small rings differ much from one to another.";
    }

    private IEnumerable<FindingRow> RowsOf(int log2, Trial trial, Trial withDefault)
    {
        double paper = Published.Number(Id, NameOf(log2), ToPredecessor);
        // The paper drew one ring per size. How much one ring differs from another is measured here.
        double ofOneRing = 2 * trial.BetweenRings;
        yield return Row(NameOf(log2), ToPredecessor, Value.MeanOf(trial.Asked), Tolerance.Around(
            paper, ReadTo + ofOneRing, FormattableString.Invariant($"the figure is read to 0.1, and the paper's single ring may lie two standard deviations, {ofOneRing:0.00}, from the mean of many")));
        yield return Row(NameOf(log2), "hops to the predecessor, own keys answered at once", Value.MeanOf(trial.Tally.HopsToPredecessor.From(1)));
        yield return Row(NameOf(log2), "hops, owner included", Value.MeanOf(trial.Tally.Hops));
        yield return Row(NameOf(log2), "hops to the predecessor, r = 4", Value.MeanOf(withDefault.Tally.HopsToPredecessor));
    }

    private IEnumerable<FindingRow> PdfRows(Distribution hops) =>
        from count in Enumerable.Range(2, 9)
        let row = $"{NameOf(PdfLog2Peers)}, {count} hops"
        select Row(row, "part of lookups", hops.PartAt(count), Tolerance.Around(Published.Number(Id, row, "part of lookups"), 0.02, "the figure is read to 0.01, and it shows one ring"));

    private static string NameOf(int log2) => $"N = {1 << log2}";

    private Trial Measure(int peers, int successors, Seed seed)
    {
        int rings = Math.Clamp(4096 / peers, 1, 128);
        (LookupTally Tally, List<double> Hops)[] each = [.. Enumerable.Range(0, rings).Select(at => MeasureRing(peers, successors, new Seed(unchecked(seed.Number + (ulong)at)), lookups / rings))];
        double between = new Distribution(each.Select(ring => ring.Hops.Average())).StandardDeviation;
        return new Trial(LookupTally.Sum(each.Select(ring => ring.Tally)), new Distribution(each.SelectMany(ring => ring.Hops)), between);
    }

    private static (LookupTally Tally, List<double> Hops) MeasureRing(int peers, int successors, Seed seed, int lookups)
    {
        // A short list fits any r; one of a single entry leaves the fingers to do all the work.
        var parameters = new ChordParameters(SuccessorListLength: Math.Max(successors, ChordParameters.MinSuccessorListLength));
        SimulatedRing ring = PaperRing.Build(new RingOptions { Seed = seed, Parameters = parameters, Timings = PaperRing.Still }, peers, successors);
        List<double> hops = [];
        var load = new LookupLoad(ring, new OwnerOracle(ring), seed.For(ChanceUse.Workload))
        {
            Ended = (lookup, _) =>
            {
                int asked = Routing.Owns(lookup.Asker.State, lookup.Key) ? HopsRound(ring, lookup.Asker.State, lookup.Key) : lookup.Outcome!.HopsToPredecessor;
                if (asked > 0)
                    hops.Add(asked);
            },
        };
        load.RunOneByOne(lookups);
        return (load.Tally, hops);
    }

    /// <summary>
    /// How many peers the paper's lookup of a key asks whose asker owns it: find_predecessor of SIGCOMM 2001, figure 4, over the production
    /// fingers.
    /// </summary>
    private static int HopsRound(SimulatedRing ring, PeerState asker, Identifier key)
    {
        int hops = 0;
        PeerState at = asker;
        while (Routing.ClosestPreceding(at, key) is [{ } next, ..])
        {
            at = ring.Peers[HostNames.HostOf(next)].State;
            hops++;
        }
        return hops;
    }

    /// <param name="Tally">As the production lookup counts.</param>
    /// <param name="Asked">As the paper counts, without the lookups that ask nobody.</param>
    /// <param name="BetweenRings">The standard deviation of one ring's mean.</param>
    private sealed record Trial(LookupTally Tally, Distribution Asked, double BetweenRings);
}
