using System.CommandLine;
using System.Text.Json;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim sweep</c>: many seeds.</summary>
internal static class SweepCommand
{
    private const int SeedsMax = 1_000_000_000;
    private const int ViolationsShown = 20;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", HelpName = "COUNT", DefaultValueFactory = _ => 1000 };
        seeds.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int count) && count is < 1 or > SeedsMax)
                result.AddError($"--seeds takes 1 to {SeedsMax}.");
        });
        var from = new Option<ulong>("--from") { Description = "The first seed; the others follow.", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command("sweep", "Runs many seeds, each with faults of its own, and checks the invariant after every event. Exit code 1 when a violation was found.") { seeds, from, json };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(seeds);
            SweepReport? report = null;
            ProgressDisplay.Run(terminal, [count], _ => $"{count:#,0} seeds", (_, tell) =>
            {
                long begun = TimeProvider.System.GetTimestamp();
                report = Sweep.Run(new Seed(parsed.GetValue(from)), count, progress: done => tell(done / (double)count), cancellationToken: cancellation);
                return FormattableString.Invariant($"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s");
            });
            if (parsed.GetValue(json))
                WriteJson(terminal, report!);
            else
                Write(terminal, report!);
            return report!.Passed ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Write(Terminal terminal, SweepReport report)
    {
        TextWriter text = terminal.Out;
        text.WriteLine($"{report.Seeds:#,0} seeds from {report.From}: {report.Held:#,0} held, {report.ViolationsByKind.Values.Sum():#,0} violated, {report.OutOfContract.Values.Sum():#,0} out of contract"
            + $" ({report.OutOfContractButIdeal:#,0} of them ideal at the end all the same)");
        text.WriteLine($"{report.Events:#,0} events, {report.Checks:#,0} checks, at most {report.RoundsToIdealMax} rounds to the ideal ring, hash {report.Hash:x16}");
        foreach ((ViolationKind kind, int count) in report.ViolationsByKind)
            text.WriteLine($"  {kind}: {count:#,0}");
        foreach (RunOutcome violated in report.Violations.Take(ViolationsShown))
            text.WriteLine($"  seed {violated.Plan.Seed}: {RunDescription.VerdictOf(violated)} Again: chord sim replay --seed {violated.Plan.Seed}");
        foreach (Sighting missing in report.Sightings.Missing)
            text.WriteLine($"  {missing} never happened, so nothing is shown of it: sweep more seeds.");
    }

    private static void WriteJson(Terminal terminal, SweepReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("from", report.From.Number);
            json.WriteNumber("seeds", report.Seeds);
            json.WriteNumber("held", report.Held);
            json.WriteNumber("outOfContract", report.OutOfContract.Values.Sum());
            json.WriteNumber("events", report.Events);
            json.WriteNumber("checks", report.Checks);
            json.WriteString("hash", $"{report.Hash:x16}");
            json.WriteBoolean("passed", report.Passed);
            json.WriteStartArray("violations");
            foreach (RunOutcome violated in report.Violations)
            {
                json.WriteStartObject();
                json.WriteNumber("seed", violated.Plan.Seed.Number);
                json.WriteString("kind", violated.Violation!.Kind.ToString());
                json.WriteString("detail", violated.Violation.Detail);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("neverHappened");
            foreach (Sighting missing in report.Sightings.Missing)
                json.WriteStringValue(missing.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }
        terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
