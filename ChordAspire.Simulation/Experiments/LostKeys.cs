using ChordAspire.Protocol;

namespace ChordAspire.Simulation.Experiments;

/// <summary>Keys that are gone after a part of all peers has failed at once and the ring has been repaired.</summary>
/// <param name="copies">Peers that hold a key: its owner, and the next ones after it. 1, as in the paper.</param>
public sealed class LostKeys(int peers, int lookups, int copies) : Experiment("fig11", "Failed lookups after many failures at once and repair")
{
    private const string Failed = "failed lookups";
    private const int SuccessorListLength = 20;
    private static readonly TimeSpan Repair = TimeSpan.FromMinutes(10);
    private static readonly double[] Parts = [0.01, 0.05, 0.1, 0.15, 0.2];

    public static LostKeys Full { get; } = new(peers: 10_000, lookups: 10_000, copies: 1);

    public static LostKeys Quick { get; } = new(peers: 500, lookups: 2_000, copies: 1);

    public override string Source => "SIGCOMM 2001 §6.4, figure 11";

    public override string Setting =>
        $"{peers:#,0} peers, r = {SuccessorListLength}, each failing with probability p; then {Repair.TotalMinutes} minutes of stabilization each 15 to 45 s, after which {lookups:#,0} keys stored before are looked up. "
        + $"Keys are held by {copies} peer{(copies == 1 ? ", without replicas" : "s")}. A lookup fails where it does not name a peer that holds the key.";

    public override Findings Run(ExperimentRun run)
    {
        Outcome[] outcomes = run.ForEach(Parts, Measure);
        return new Findings(
            [.. Parts.SelectMany((part, at) => RowsOf(part, outcomes[at]))],
            [
                new Chart(Title, "part of peers failed", "part of lookups failed",
                [
                    new ChartSeries("ours", ChartStyle.Ours, [.. Parts.Select((part, at) => new ChartPoint(part, outcomes[at].Lost))]),
                    new ChartSeries("paper", ChartStyle.Paper, [.. Parts.Where(part => Published.Paper(Id, NameOf(part), Failed) is not null).Select(part => new ChartPoint(part, Published.Number(Id, NameOf(part), Failed)))]),
                ]),
            ],
            []);
    }

    private IEnumerable<FindingRow> RowsOf(double part, Outcome outcome)
    {
        double expected = Math.Pow(part, copies);
        double give = 3 * Math.Sqrt(expected * (1 - expected) * ((1.0 / lookups) + (2.0 / peers)));
        yield return Row(NameOf(part), Failed, outcome.Lost, Tolerance.Around(expected, give, "just the keys of the dead: p, give or take three standard deviations of this sample of peers and lookups"));
        yield return Row(NameOf(part), "lookups that missed the owner", outcome.Missed, Tolerance.AtMost(0, "the ring was repaired: each lookup must find the true owner"));
    }

    private static string NameOf(double part) => FormattableString.Invariant($"p = {part:0.00}");

    private Outcome Measure(double part, Seed seed)
    {
        var parameters = new ChordParameters(SuccessorListLength: SuccessorListLength);
        SimulatedRing ring = PaperRing.Build(new RingOptions { Seed = seed, Parameters = parameters, Timings = PaperRing.OfTheJournal }, peers, SuccessorListLength);
        PeerRef[] before = [.. ring.Peers.Select(peer => peer.Self).OrderBy(self => self.Id)];
        Chance faults = seed.For(ChanceUse.Faults);
        foreach (SimulatedPeer peer in ring.Peers)
        {
            if (faults.Happens(part))
                ring.Crash(peer);
        }
        ring.RunFor(Repair);
        int lost = 0;
        var load = new LookupLoad(ring, new OwnerOracle(ring), seed.For(ChanceUse.Workload))
        {
            Ended = (lookup, _) => lost += Holds(lookup.Outcome!.Owner, lookup.Key, before) ? 0 : 1,
        };
        load.RunOneByOne(lookups);
        return new Outcome(lost / (double)lookups, load.Tally.NotOwnerAtEnd / (double)lookups);
    }

    /// <summary>Whether this peer was among those that the key was stored at.</summary>
    private bool Holds(PeerRef? named, Identifier key, PeerRef[] before)
    {
        int owner = PaperRing.PlaceOf(IdealRing.OwnerOf(key, before), before);
        for (int copy = 0; copy < copies; copy++)
        {
            if (before[(owner + copy) % before.Length] == named)
                return true;
        }
        return false;
    }

    private readonly record struct Outcome(double Lost, double Missed);
}
