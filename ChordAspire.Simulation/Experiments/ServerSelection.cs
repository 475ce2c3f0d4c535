using ChordAspire.Protocol;

namespace ChordAspire.Simulation.Experiments;

/// <summary>How much longer a lookup takes than asking the owner straight away, when the next peer is chosen by nearness among several.</summary>
/// <remarks>
/// Three ways: the paper's, iterative and recursive, as a walk over ideal states (<see cref="SelectionWalk"/>); and what the production protocol
/// could do without knowing any
/// distance but its own, which is to keep for each finger the nearest of s. Routing and lookups of the third are the production ones. Nothing in
/// the production protocol chooses fingers so yet.
/// </remarks>
public sealed class ServerSelection(int peers, int lookups) : Experiment("table4", "Latency stretch and server selection")
{
    private const string Iterative = "stretch, iterative";
    private const string Recursive = "stretch, recursive";
    private const string FewDomains = "transit-stub of 10 domains";
    private static readonly int[] Choices = [1, 2, 4, 8, 16];
    private static readonly string[] Topologies = ["3-d space", "transit-stub", FewDomains];

    public static ServerSelection Full { get; } = new(peers: 1 << 16, lookups: 10_000);

    public static ServerSelection Quick { get; } = new(peers: 1 << 10, lookups: 500);

    public override string Source => "ToN 2003 §V-F, table IV";

    public override string Setting =>
        $"{peers:#,0} peers on an ideal ring, {lookups:#,0} lookups, r = s. A peer on the way goes on with the nearest to itself, in the "
        + "network, of the closest preceding finger and its s successors (s = 1: the finger alone). "
        + "Iterative, the asker pays a round trip for each peer; recursive, each hands on, and the last one answers. The third row is the "
        + "production lookup over fingers of which each was replaced by the nearest of s peers from its start on. "
        + "Stretch is the time to the key's predecessor, where the papers' lookups end, over one round trip to the owner; to ask the owner too "
        + "adds one. Median, with 10th and 90th percentile.";

    public override Findings Run(ExperimentRun run)
    {
        (string Topology, int Choice)[] cases = [.. from choice in Choices.Reverse() from topology in Topologies select (topology, choice)];
        Outcome[] outcomes = run.ForEach(cases, (one, seed) => Measure(one.Topology, one.Choice, seed));
        Outcome Of(string topology, int choice) => outcomes[Array.IndexOf(cases, (topology, choice))];
        ChartSeries Ours(string name, string topology, Func<Outcome, Distribution> measure, ChartStyle style = ChartStyle.Ours) =>
            new(name, style, [.. Choices.Select(choice => new ChartPoint(choice, measure(Of(topology, choice)).Median))]);
        ChartSeries Paper(string name, string topology, string quantity) =>
            new(name, ChartStyle.Paper, [.. Choices.Select(choice => new ChartPoint(choice, Published.Number(Id, NameOf(topology, choice), quantity)))]);
        return new Findings(
            [.. from topology in Topologies from choice in Choices from row in RowsOf(topology, choice, Of(topology, choice)) select row],
            [
                .. Topologies.Select(topology => new Chart(topology, "s", "median stretch",
                [
                    Ours("iterative", topology, one => one.Iterative),
                    Ours("recursive", topology, one => one.Recursive),
                    .. topology == FewDomains
                        ? (ChartSeries[])[]
                        :
                        [
                            Ours("production, nearest fingers", topology, one => one.Production!, ChartStyle.Aside),
                            Paper("paper, iterative", topology, Iterative),
                            Paper("paper, recursive", topology, Recursive),
                        ],
                ], LogX: true)),
            ],
            [
                "The production lookup is iterative: the asker sees each step, keeps one deadline for the whole, goes round who is silent, and "
                + "no peer works for another. What that costs in an ideal network is the difference between the "
                + "iterative and the recursive row. The paper says itself that only a recursive lookup can choose so, since an asker does not "
                + "know how far the peers on the way are from each other.",
                "The third row lies above the first where s is large: a finger kept for its nearness may lie past the key, and then a shorter "
                + "one must do.",
                "The paper's transit-stub topology has 5,000 nodes and is not published; ours has 24 transit routers with 8 stub domains each. "
                + "The paper's 90th percentile of 36 without selection needs a tenth of all pairs in one stub domain, "
                + $"so few domains. '{FewDomains}', 5 routers with 2 each, shows what that does.",
            ]);
    }

    private static string NameOf(string topology, int choice) => $"{topology}, s = {choice}";

    private IEnumerable<FindingRow> RowsOf(string topology, int choice, Outcome outcome)
    {
        Tolerance? Goal(string quantity) => choice is 1 or 16 && peers == 1 << 16 && Published.Paper(Id, NameOf(topology, choice), quantity) is { } paper
            ? Tolerance.AtMost(paper.Number * 1.15, "the paper's, and 15 % since where peers lie in the network was drawn otherwise; less is better")
            : null;
        yield return Row(NameOf(topology, choice), Iterative, Value.MedianOf(outcome.Iterative), Goal(Iterative));
        yield return Row(NameOf(topology, choice), Recursive, Value.MedianOf(outcome.Recursive), Goal(Recursive));
        if (outcome.Production is { } production)
            yield return Row(NameOf(topology, choice), "stretch, production lookups over nearest fingers", Value.MedianOf(production));
    }

    private Outcome Measure(string topology, int choice, Seed seed)
    {
        LatencyModel latency = topology switch
        {
            FewDomains => new TransitStubLatency(seed, routers: 5, stubsPerRouter: 2),
            "transit-stub" => new TransitStubLatency(seed),
            _ => new SpaceLatency(seed, TimeSpan.FromMilliseconds(200)),
        };
        List<Stretch> walked = [];
        SimulatedRing ring = Populate(latency, choice, seed);
        PeerRef[] sorted = [.. ring.Peers.Select(peer => peer.Self).OrderBy(self => self.Id)];
        var walk = new SelectionWalk(sorted, choice, latency, seed.For(ChanceUse.Network));
        Chance keys = seed.For(ChanceUse.Workload);
        for (int i = 0; i < lookups; i++)
        {
            if (walk.LookUp(keys.Next(sorted.Length), keys.NextIdentifier(Identifier.MaxBits)) is { } stretch)
                walked.Add(stretch);
        }
        return new Outcome(
            new Distribution(walked.Select(one => one.Iterative)),
            new Distribution(walked.Select(one => one.Recursive)),
            topology == FewDomains ? null : MeasureProduction(ring, latency, choice, seed));
    }

    private SimulatedRing Populate(LatencyModel latency, int choice, Seed seed)
    {
        var ring = new SimulatedRing(new RingOptions
        {
            Seed = seed,
            Parameters = new ChordParameters(SuccessorListLength: Math.Max(choice, ChordParameters.MinSuccessorListLength)),
            Timings = PaperRing.Still with { CallTimeoutMin = TimeSpan.FromMinutes(1), CallTimeoutMax = TimeSpan.FromMinutes(1), RequestTimeout = TimeSpan.FromHours(1) },
            Network = new NetworkOptions { Latency = latency },
        });
        Chance places = seed.For(ChanceUse.Plan);
        for (int i = 0; i < peers; i++)
            ring.AddPeer(places.NextIdentifier(ring.Parameters.Bits));
        return ring;
    }

    private Distribution MeasureProduction(SimulatedRing ring, LatencyModel latency, int choice, Seed seed)
    {
        Chance chance = seed.For(ChanceUse.Network);
        PaperRing.Place(ring, choice, (sorted, state) => choice == 1 ? state : state with { Fingers = Nearest(sorted, state, choice, latency, chance) });
        List<double> stretches = [];
        var load = new LookupLoad(ring, new OwnerOracle(ring), seed.For(ChanceUse.Workload)) { Ended = (lookup, _) => Add(stretches, lookup, latency, chance) };
        load.RunOneByOne(lookups);
        return new Distribution(stretches);
    }

    /// <summary>The same fingers, each replaced by the nearest of the peers from it on.</summary>
    private static FingerTable Nearest(PeerRef[] sorted, PeerState state, int choice, LatencyModel latency, Chance chance)
    {
        int self = HostNames.HostOf(state.Self);
        FingerTable fingers = FingerTable.Empty;
        foreach (FingerRun run in state.Fingers.Runs)
        {
            int first = PaperRing.PlaceOf(run.Peer, sorted);
            PeerRef nearest = Enumerable.Range(first, choice)
                .Select(place => sorted[place % sorted.Length])
                .Where(peer => peer != state.Self)
                .MinBy(peer => latency.OneWay(self, HostNames.HostOf(peer), chance))!;
            fingers = fingers.With(run.First, run.Last, nearest);
        }
        return fingers;
    }

    private static void Add(List<double> stretches, LookupRun lookup, LatencyModel latency, Chance chance)
    {
        int asker = lookup.Asker.Host;
        int owner = HostNames.HostOf(lookup.Outcome!.Owner!);
        // Who owns the key itself asks nobody.
        if (asker == owner)
            return;
        TimeSpan direct = latency.OneWay(asker, owner, chance) + latency.OneWay(owner, asker, chance);
        stretches.Add((lookup.Duration / direct) - 1);
    }

    private sealed record Outcome(Distribution Iterative, Distribution Recursive, Distribution? Production);
}
