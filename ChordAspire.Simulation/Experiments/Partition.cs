namespace ChordAspire.Simulation.Experiments;

/// <summary>
/// A ring whose network falls apart into two halves for a while: what becomes of it, and of the lookups, when the network is whole again.
/// </summary>
/// <param name="rings">Sizes, and how many rings and draws of halves for each.</param>
/// <param name="seconds">How long the cut lasts.</param>
/// <param name="watch">How long a healed ring is given to become ideal.</param>
public sealed class Partition((int Peers, int Draws)[] rings, double[] seconds, TimeSpan watch) : Experiment("partition", "A network in two halves, and healed")
{
    private const int LookupsEachSecond = 20;
    private static readonly TimeSpan LookupsAfterwards = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5);
    private static readonly Cut[] Cuts = [Cut.Scattered, Cut.OneWay, Cut.Arcs];

    /// <summary>What is cut.</summary>
    private enum Cut
    {
        /// <summary>Halves drawn at random: nearly every successor list has peers of both.</summary>
        Scattered,

        /// <summary>The same halves, but only messages from the first to the second are lost.</summary>
        OneWay,

        /// <summary>Each half is one arc of the circle: only those at its two ends miss anybody.</summary>
        Arcs,
    }

    public static Partition Full { get; } = new([(100, 5), (1_000, 1)], [0.5, 1, 2, 4, 8, 16, 30, 60], TimeSpan.FromMinutes(1));

    public static Partition Quick { get; } = new([(40, 2)], [0.5, 30], TimeSpan.FromMinutes(2));

    public override string Source => "beyond the papers: ToN 2003 §VI leaves it as future work";

    public override string Setting =>
        "Ideal rings with the production clocks (stabilize each 0.4 s, r = 4), one-way delays 10 to 50 ms. "
        + string.Join(", ", rings.Select(one => $"{one.Peers:#,0} peers in {one.Draws} draw{(one.Draws == 1 ? "" : "s")}"))
        + $". The network is cut into two halves and healed after the time named, then watched for {watch.TotalSeconds:0} s, or until the ring is "
        + $"ideal and no lookup is left. {LookupsEachSecond} lookups each second, the last ones {LookupsAfterwards.TotalSeconds:0} s after the "
        + "healing; one fails that does not name the owner among all living peers, of both halves.";

    public override Findings Run(ExperimentRun run)
    {
        Case[] cases =
        [
            .. from size in rings.Reverse()
               from cut in Cuts
               from time in seconds.Reverse()
               from draw in Enumerable.Range(0, size.Draws)
               select new Case(size.Peers, cut, time),
        ];
        Outcome[] outcomes = run.ForEach(cases, Measure);
        Outcome[] Of(int peers, Cut cut, double time) => [.. outcomes.Where((_, at) => cases[at] == new Case(peers, cut, time))];
        return new Findings(
            [.. from size in rings from cut in Cuts from time in seconds from row in RowsOf(size.Peers, cut, time, Of(size.Peers, cut, time)) select row],
            [
                .. rings.Select(size => ChartOf(size.Peers, "part of rings that were ideal again", (cut, time) => Of(size.Peers, cut, time).Average(one => one.CameBack ? 1 : 0))),
                .. rings.Select(size => ChartOf(size.Peers, "part of lookups failed, network healed", (cut, time) => Of(size.Peers, cut, time).Average(one => one.FailedAfter))),
            ],
            [
                "A cut that ends while successor lists are still being put together from what is left of them heals by itself. Once each half "
                + "has become a ring of its own it does not: stabilize, notify and rectify speak only with peers that they know, "
                + "and nobody keeps peers that were silent. The protocol brings a peer that is alone into a ring, but not two rings of more than "
                + "one peer together. ToN 2003 §VI suggests to remember peers met at random and to look them up now and then; that is not built.",
            ]);
    }

    private Chart ChartOf(int peers, string y, Func<Cut, double, double> measure) => new(
        $"{peers:#,0} peers", "seconds cut", y,
        [.. Cuts.Select(cut => new ChartSeries(NameOf(cut), ChartStyle.Ours, [.. seconds.Select(time => new ChartPoint(time, measure(cut, time)))]))],
        LogX: true);

    private static string NameOf(Cut cut) => cut switch
    {
        Cut.Scattered => "random halves",
        Cut.OneWay => "random halves, one way",
        _ => "two arcs",
    };

    private IEnumerable<FindingRow> RowsOf(int peers, Cut cut, double time, Outcome[] draws)
    {
        string row = FormattableString.Invariant($"{peers:#,0} peers, {NameOf(cut)}, {time:0.#} s");
        double[] repairs = [.. draws.Where(one => one.CameBack).Select(one => one.Repair.TotalSeconds)];
        yield return Row(row, "part of rings that were ideal again", draws.Average(one => one.CameBack ? 1 : 0));
        yield return Row(row, "seconds from healing to ideal", repairs.Length == 0 ? double.NaN : repairs.Average());
        yield return Row(row, "rings in the end, at most", draws.Max(one => one.Rings));
        yield return Row(row, "failed lookups while cut", draws.Average(one => one.FailedWhileCut));
        yield return Row(row, "failed lookups afterwards", draws.Average(one => one.FailedAfter));
    }

    private Outcome Measure(Case one, Seed seed)
    {
        var ring = new SimulatedRing(new RingOptions
        {
            Seed = seed,
            Network = new NetworkOptions { Latency = new UniformLatency(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)) },
        });
        IdealRing.Build(ring, one.Peers);
        var oracle = new OwnerOracle(ring);
        ring.RunFor(TimeSpan.FromSeconds(10));
        Split(ring, one.Cut, seed.For(ChanceUse.Faults));
        LookupTally whileCut = LookUp(ring, oracle, seed.For(ChanceUse.Workload), TimeSpan.FromSeconds(one.Seconds));
        ring.RunFor(TimeSpan.FromSeconds(one.Seconds));
        ring.Links.Repair();
        TimeSpan healed = ring.Now;
        LookupTally afterwards = LookUp(ring, oracle, seed.For(ChanceUse.Workload, 1), LookupsAfterwards);
        var checker = new InvariantChecker(ring.Parameters.SuccessorListLength);
        TimeSpan? repair = null;
        while (ring.Now < healed + (repair is null ? watch : LookupsAfterwards))
        {
            ring.RunFor(Look);
            bool isIdeal = checker.IsIdeal([.. oracle.Members.Select(member => member.State)]);
            repair = isIdeal ? repair ?? ring.Now - healed : null;
        }
        ring.RunFor(ring.Options.Timings.RequestTimeout);
        return new Outcome(repair, RingCount.Of(ring), PartFailed(whileCut), PartFailed(afterwards));
    }

    private static void Split(SimulatedRing ring, Cut cut, Chance chance)
    {
        int[] hosts = [.. ring.Peers.OrderBy(peer => peer.Self.Id).Select(peer => peer.Host)];
        if (cut != Cut.Arcs)
            chance.Shuffle<int>(hosts);
        int[] first = hosts[..(hosts.Length / 2)];
        if (cut != Cut.OneWay)
        {
            ring.Links.Isolate(first);
            return;
        }
        foreach (int from in first)
        {
            foreach (int to in hosts[first.Length..])
                ring.Links.Cut(from, to);
        }
    }

    private static LookupTally LookUp(SimulatedRing ring, OwnerOracle oracle, Chance chance, TimeSpan during)
    {
        var load = new LookupLoad(ring, oracle, chance);
        load.KeepBeginning(TimeSpan.FromSeconds(1.0 / LookupsEachSecond), (int)Math.Ceiling(during.TotalSeconds * LookupsEachSecond));
        return load.Tally;
    }

    private static double PartFailed(LookupTally tally) => tally.Ended == 0 ? 0 : tally.Failed / (double)tally.Ended;

    private sealed record Case(int Peers, Cut Cut, double Seconds);

    /// <param name="RepairedAfter">From the healing on; null: not ideal at the end of the watch.</param>
    private sealed record Outcome(TimeSpan? RepairedAfter, int Rings, double FailedWhileCut, double FailedAfter)
    {
        public bool CameBack => RepairedAfter is not null;

        public TimeSpan Repair => RepairedAfter ?? throw new InvalidOperationException("This ring did not come back.");
    }
}
