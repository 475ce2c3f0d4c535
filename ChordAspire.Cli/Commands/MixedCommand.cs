using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim mixed</c>: rings of our peers and seed peers under faults.</summary>
internal static class MixedCommand
{
    private const int SeedsMax = 10_000_000;
    private const int ViolationsShown = 20;
    private const int SeedPeersOtherwise = 3;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<int> seeds = SimCommand.Number("--seeds", "How many seeds.", 1, SeedsMax, otherwise: 1000);
        var from = new Option<ulong>("--from") { Description = "The first seed; the others follow.", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };
        Option<int> seedPeers = SimCommand.Number("--seed-peers", "The most seed peers in one ring.", 1, MixedPlanDrawer.SeedPeersMax, SeedPeersOtherwise);
        var events = new Option<int>("--events")
        {
            Description = "Tell the last so many changes of our peers' neighbours in the first of these runs.",
            HelpName = "LINES",
        };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command(
            "mixed",
            "Rings of our peers and seed peers, which speak the seed's contract only: they are killed, restarted, suspended and leave, side by side and next to ours, and some answer nonsense. "
            + "Our peers' invariants are checked among themselves, then that the ring becomes ordered and lookups are right. Exit code 1 when a violation was found.")
        {
            seeds, from, seedPeers, events, json,
        };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(seeds);
            var first = new Seed(parsed.GetValue(from));
            int peers = parsed.GetValue(seedPeers);
            if (parsed.GetValue(events) > 0 && parsed.GetValue(json))
                throw new UsageException("--events is told in words; leave out --json.");
            if (parsed.GetValue(events) > 0)
                Tell(terminal.Out, first, peers, parsed.GetValue(events));
            MixedReport? report = null;
            ProgressDisplay.Run(terminal, [count], _ => FormattableString.Invariant($"{count:#,0} seeds"), (_, tell) =>
            {
                long begun = TimeProvider.System.GetTimestamp();
                report = MixedSweep.Run(first, count, peers, progress: done => tell(done / (double)count), cancellationToken: cancellation);
                return FormattableString.Invariant($"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s");
            });
            if (parsed.GetValue(json))
                WriteJson(terminal.Out, report!);
            else
                Write(terminal.Out, report!);
            return report!.Passed ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Tell(TextWriter text, Seed seed, int seedPeers, int lines)
    {
        var teller = new EventTeller();
        MixedPlan plan = MixedPlanDrawer.Draw(seed, seedPeers);
        MixedOutcome outcome = MixedRun.Run(plan, MixedRules.Production with { Observer = ring => teller.On(ring) });
        text.WriteLine(FormattableString.Invariant($"seed {seed}: r = {plan.Parameters.SuccessorListLength}, {plan.OursAtStart} of ours at the start, faults for {plan.FaultsEnd.TotalSeconds:0} s, ")
            + $"{plan.Network.Latency}{(plan.Network.DeadPeersRefuse ? "" : ", dead hosts are silent")}");
        text.WriteLine($"ours:  {string.Join(' ', plan.Ours.Select(id => id.ToBriefString()))}");
        text.WriteLine($"seeds: {string.Join(' ', plan.Seeds.Select(peer => peer.Id.ToBriefString() + (peer.Flaw == SeedFlaw.None ? "" : $" ({peer.Flaw})")))}");
        foreach (string line in teller.Lines.TakeLast(lines))
            text.WriteLine(line);
        foreach (string seedPeer in outcome.SeedPeers)
            text.WriteLine(seedPeer);
        text.WriteLine();
    }

    private static void WriteJson(TextWriter text, MixedReport report) => text.WriteLine(JsonText.Of(json =>
    {
        json.WriteNumber("from", report.From.Number);
        json.WriteNumber("seeds", report.Seeds);
        json.WriteNumber("seedPeers", report.SeedPeers);
        json.WriteNumber("held", report.Held);
        json.WriteNumber("outOfContract", report.OutOfContract.Values.Sum());
        json.WriteNumber("events", report.Events);
        json.WriteNumber("checks", report.Checks);
        json.WriteNumber("lookups", report.Lookups);
        json.WriteNumber("secondsToOrderMedian", report.TimeToOrderMedian.TotalSeconds);
        json.WriteNumber("secondsToOrderMax", report.TimeToOrderMax.TotalSeconds);
        json.WriteString("hash", $"{report.Hash:x16}");
        json.WriteBoolean("passed", report.Passed);
        SimulationJson.WriteViolations(json, report.Violations.Select(violated => (violated.Plan.Seed, violated.Violation!)));
    }));

    private static void Write(TextWriter text, MixedReport report)
    {
        text.WriteLine(FormattableString.Invariant($"{report.Seeds:#,0} seeds from {report.From}, 1 to {report.SeedPeers} seed peers: {report.Held:#,0} held and {report.ViolationsByKind.Values.Sum():#,0} violated; ")
            + FormattableString.Invariant($"out of contract: {SweepCommand.ListOf(report.OutOfContract)}"));
        text.WriteLine(FormattableString.Invariant($"{report.Events:#,0} events, {report.Checks:#,0} checks, {report.Lookups:#,0} lookups in ordered rings, hash {report.Hash:x16}"));
        text.WriteLine(FormattableString.Invariant($"in order {report.TimeToOrderMedian.TotalSeconds:0.0} s after the last fault (median; at most {report.TimeToOrderMax.TotalSeconds:0.0} s); ")
            + FormattableString.Invariant($"seed peers told of a successor {report.Taught:#,0} times, {report.Stranded:#,0} left outside at the end"));
        text.WriteLine($"faults of ours: {SweepCommand.ListOf(report.OurFaults)}");
        text.WriteLine($"faults of seed peers: {SweepCommand.ListOf(report.SeedFaults)}");
        text.WriteLine(FormattableString.Invariant($"bad seed peers: {SweepCommand.ListOf(report.Flaws)}; in {report.Hidden:#,0} runs one keeps somebody next to it hidden"));
        text.WriteLine($"reported of seed peers: {SweepCommand.ListOf(report.Reported)}");
        foreach ((ViolationKind kind, int count) in report.ViolationsByKind)
            text.WriteLine(FormattableString.Invariant($"  {kind}: {count:#,0}"));
        foreach (MixedOutcome violated in report.Violations.Take(ViolationsShown))
        {
            text.WriteLine(FormattableString.Invariant($"  seed {violated.Plan.Seed}: {violated.Violation!.Kind} at {violated.Violation.At.TotalSeconds:0.000} s. {violated.Violation.Detail} ")
                + FormattableString.Invariant($"Again: chord sim mixed --seeds 1 --from {violated.Plan.Seed} --seed-peers {report.SeedPeers} --events 60"));
        }
    }
}
