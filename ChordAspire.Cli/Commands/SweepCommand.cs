using System.CommandLine;
using System.Diagnostics;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim sweep</c>: many seeds.</summary>
internal static class SweepCommand
{
    private const int SeedsMax = 1_000_000_000;
    private const int ViolationsShown = 20;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<int> seeds = SimCommand.Number("--seeds", "How many seeds.", 1, SeedsMax, otherwise: 1000);
        var from = new Option<ulong>("--from") { Description = "The first seed; the others follow.", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };
        Option<string> peers = Sizes.Option();
        Option<string?> variant = Variant.Option();
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command(
            "sweep",
            "Runs many seeds, each with faults of its own, and checks the invariant after every event. Exit code 1 when a violation was found.")
        {
            seeds, from, peers, variant, json,
        };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(seeds);
            SweepReport? report = null;
            ProgressDisplay.Run(terminal, [count], _ => $"{count:#,0} seeds", (_, tell) =>
            {
                using var process = Process.GetCurrentProcess();
                long begun = TimeProvider.System.GetTimestamp();
                report = Sweep.Run(
                    new Seed(parsed.GetValue(from)),
                    count,
                    Variant.RulesOf(parsed.GetValue(variant)),
                    Sizes.Of(parsed.GetValue(peers)),
                    progress: done => tell(done / (double)count),
                    cancellationToken: cancellation);
                double wall = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
                return FormattableString.Invariant($"{wall:0.0} s, {process.TotalProcessorTime.TotalSeconds:0.0} s of processor time");
            });
            if (parsed.GetValue(json))
                WriteJson(terminal, report!);
            else
                Write(terminal, report!, parsed.GetValue(variant));
            return report!.Passed ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Write(Terminal terminal, SweepReport report, string? variant)
    {
        TextWriter text = terminal.Out;
        text.WriteLine(FormattableString.Invariant($"{report.Seeds:#,0} seeds from {report.From}: {report.InContract:#,0} in contract, ")
            + FormattableString.Invariant($"{report.Held:#,0} of them held and {report.ViolationsByKind.Values.Sum():#,0} violated"));
        text.WriteLine(FormattableString.Invariant($"{report.OutOfContract.Values.Sum():#,0} out of contract, ")
            + FormattableString.Invariant($"{report.OutOfContractButIdeal:#,0} of them ideal at the end all the same: {ListOf(report.OutOfContract)}"));
        text.WriteLine(FormattableString.Invariant($"{report.Events:#,0} events, {report.Checks:#,0} checks, ")
            + FormattableString.Invariant($"at most {report.RoundsToIdealMax} rounds to the ideal ring, hash {report.Hash:x16}"));
        text.WriteLine($"faults: {ListOf(report.Faults)}");
        text.WriteLine($"seen: {ListOf(Enum.GetValues<Sighting>().ToDictionary(sighting => sighting, sighting => report.Sightings[sighting]))}");
        foreach ((ViolationKind kind, int count) in report.ViolationsByKind)
            text.WriteLine($"  {kind}: {count:#,0}");
        foreach (RunOutcome violated in report.Violations.Take(ViolationsShown))
        {
            string again = FailureReport.ReplayCommand(violated.Plan, variant);
            text.WriteLine($"  seed {violated.Plan.Seed}: {RunDescription.VerdictOf(violated)} Again: {again}");
        }
        foreach (Sighting missing in report.Sightings.Missing)
            text.WriteLine($"  {missing} never happened, so nothing is shown of it: sweep more seeds.");
    }

    internal static string ListOf<TKey, TCount>(IReadOnlyDictionary<TKey, TCount> counts) where TKey : notnull where TCount : IFormattable
    {
        string[] told = [.. counts.OrderBy(pair => pair.Key).Select(pair => FormattableString.Invariant($"{pair.Key} {pair.Value:#,0}"))];
        return told.Length == 0 ? "none" : string.Join(", ", told);
    }

    private static void WriteJson(Terminal terminal, SweepReport report)
    {
        terminal.Out.WriteLine(JsonText.Of(json =>
        {
            json.WriteNumber("from", report.From.Number);
            json.WriteNumber("seeds", report.Seeds);
            json.WriteNumber("held", report.Held);
            json.WriteNumber("inContract", report.InContract);
            json.WriteNumber("outOfContract", report.OutOfContract.Values.Sum());
            json.WriteNumber("events", report.Events);
            json.WriteNumber("checks", report.Checks);
            json.WriteString("hash", $"{report.Hash:x16}");
            json.WriteBoolean("passed", report.Passed);
            SimulationJson.WriteViolations(json, report.Violations.Select(violated => (violated.Plan.Seed, violated.Violation!)));
            json.WriteStartArray("neverHappened");
            foreach (Sighting missing in report.Sightings.Missing)
                json.WriteStringValue(missing.ToString());
            json.WriteEndArray();
        }));
    }
}
