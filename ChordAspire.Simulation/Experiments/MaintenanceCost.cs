namespace ChordAspire.Simulation.Experiments;

/// <summary>What lookups gain from maintenance, and what it costs, under churn: performance versus cost, after Li et al. (INFOCOM 2005).</summary>
/// <param name="stabilize">Times between two stabilize rounds in seconds; the first is the production default. Fingers are fixed as often in
/// proportion.</param>
/// <param name="sessions">Mean sessions in minutes.</param>
public sealed class MaintenanceCost(int peers, int lookups, double[] stabilize, double[] sessions) : Experiment("cost", "Performance versus cost of maintenance")
{
    private const double FixFingersOverStabilize = 2.5;
    private static readonly TimeSpan BetweenLookups = TimeSpan.FromMilliseconds(100);
    private static readonly Func<TimeSpan, Sessions>[] Kinds = [Sessions.Exponential, Sessions.HeavyTailed];

    public static MaintenanceCost Full { get; } = new(peers: 1_024, lookups: 5_000, [0.4, 2, 8, 32], [1.4, 5, 15, 60, 180]);

    public static MaintenanceCost Quick { get; } = new(peers: 64, lookups: 300, [0.4, 8], [1.4, 60]);

    public override string Source => "beyond the papers: after Li, Stribling, Morris, Kaashoek and Gil, INFOCOM 2005; sweep of churn as in Rhea et al., USENIX ATC 2004";

    public override string Setting =>
        $"{peers:#,0} peers, r = 4, king-like latencies with a median round trip of 156 ms; peers crash at the end of their session and a "
        + "newcomer follows at once. Mean sessions from 1.4 minutes to 3 hours, exponential, and Weibull of shape 0.5 "
        + "(measured sessions have 0.34 to 0.59: Stutzbach and Rejaie, IMC 2006). Stabilize intervals as named, a finger every 2.5 of them, give "
        + "or take a quarter each; the other clocks are the production defaults. After a run-in of 20 finger intervals, at least a minute, "
        + $"{lookups:#,0} lookups, ten each second. A lookup fails where it names no owner within 4 s, or a peer that was not the owner at either "
        + "end of it. Bytes are requests and answers of maintenance, joins included, without clients' lookups, "
        + "reckoned as gRPC would send them (40 a message, 44 a peer named), over all peers and the time of the lookups.";

    public override Findings Run(ExperimentRun run)
    {
        Case[] cases = [.. from every in stabilize from kind in Kinds from minutes in sessions select new Case(kind(TimeSpan.FromMinutes(minutes)), TimeSpan.FromSeconds(every))];
        Outcome[] outcomes = run.ForEach(cases, Measure);
        (Case Case, Outcome Outcome)[] all = [.. cases.Zip(outcomes)];
        return new Findings(
            [
                .. from kind in Kinds
                   from minutes in sessions
                   from one in all
                   where one.Case.Sessions.Name == kind(default).Name && one.Case.Sessions.Mean == TimeSpan.FromMinutes(minutes)
                   from row in RowsOf(one.Case, one.Outcome)
                   select row,
            ],
            [
                .. Kinds.SelectMany(kind => new[]
                {
                    ChartOf(kind(default).Name, "part of lookups failed", one => one.FailedDrawn, all, logY: true),
                    ChartOf(kind(default).Name, "median lookup in ms", one => one.Tally.Milliseconds.Median, all, logY: false),
                }),
            ],
            [
                "Along each line the stabilize interval changes: fewer bytes to the left. Where no lookup failed, half a lookup is drawn.",
                "Li et al. report for Chord with fingers of base 2, sessions of one hour and 1,024 King latencies: 226 ms in the median at 40 "
                + "bytes per node and second. Their lookups choose near fingers and their messages are small; ours ask the owner too, "
                + "choose nothing by nearness, and pay for gRPC. What compares is the shape: past some bytes more maintenance gains nothing, and "
                + "below them failures grow first, latency later.",
            ]);
    }

    private Chart ChartOf(string kind, string y, Func<Outcome, double> measure, (Case Case, Outcome Outcome)[] all, bool logY) => new(
        $"{kind} sessions", "bytes of maintenance per peer and second", y,
        [
            .. sessions.Select(minutes => new ChartSeries($"mean session {NameOf(TimeSpan.FromMinutes(minutes))}", ChartStyle.Ours,
            [
                .. all.Where(one => one.Case.Sessions.Name == kind && one.Case.Sessions.Mean == TimeSpan.FromMinutes(minutes) && double.IsFinite(measure(one.Outcome)))
                    .Select(one => new ChartPoint(one.Outcome.BytesPerPeerSecond, measure(one.Outcome))),
            ])),
        ],
        LogX: true, LogY: logY);

    private IEnumerable<FindingRow> RowsOf(Case one, Outcome outcome)
    {
        string row = FormattableString.Invariant($"{one.Sessions.Name}, mean session {NameOf(one.Sessions.Mean)}, stabilize each {one.Stabilize.TotalSeconds:0.#} s");
        yield return Row(row, "bytes per peer and second", outcome.BytesPerPeerSecond);
        yield return Row(row, "failed lookups", outcome.Tally.Failed / (double)Math.Max(1, outcome.Tally.Ended));
        yield return Row(row, "median ms", outcome.Tally.Milliseconds.Median);
        yield return Row(row, "99th percentile ms", outcome.Tally.Milliseconds.At(0.99));
        yield return Row(row, "timeouts", outcome.Tally.TimeoutsInAll.Mean);
    }

    private static string NameOf(TimeSpan session) =>
        session < TimeSpan.FromHours(1) ? FormattableString.Invariant($"{session.TotalMinutes:0.#} min") : FormattableString.Invariant($"{session.TotalHours:0.#} h");

    private Outcome Measure(Case one, Seed seed)
    {
        TimeSpan fixFingers = one.Stabilize * FixFingersOverStabilize;
        var options = new RingOptions
        {
            Seed = seed,
            Timings = new PeerTimings { Stabilize = Interval.Around(one.Stabilize), FixFingers = Interval.Around(fixFingers), RequestTimeout = TimeSpan.FromSeconds(4) },
            Network = new NetworkOptions { Latency = new KingLatency(seed) },
        };
        SimulatedRing ring = PaperRing.Build(options, peers, options.Parameters.SuccessorListLength);
        var oracle = new OwnerOracle(ring);
        new Churn(ring, oracle, seed.For(ChanceUse.Faults)).BeginSessions(one.Sessions);
        ring.RunFor(TimeSpan.FromSeconds(Math.Max(60, 20 * fixFingers.TotalSeconds)));
        long bytes = ring.Traffic.MaintenanceBytes;
        TimeSpan begun = ring.Now;
        var load = new LookupLoad(ring, oracle, seed.For(ChanceUse.Workload));
        load.RunUntilAllEnded(BetweenLookups, lookups);
        return new Outcome(load.Tally, (ring.Traffic.MaintenanceBytes - bytes) / (ring.Now - begun).TotalSeconds / peers);
    }

    private sealed record Case(Sessions Sessions, TimeSpan Stabilize);

    private sealed record Outcome(LookupTally Tally, double BytesPerPeerSecond)
    {
        /// <summary>A logarithmic scale has no zero.</summary>
        public double FailedDrawn => Math.Max(0.5, Tally.Failed) / Math.Max(1, Tally.Ended);
    }
}
