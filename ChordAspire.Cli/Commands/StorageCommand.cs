using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim storage</c>: objects under faults, and whether the promises of docs/promises.md hold.</summary>
internal static class StorageCommand
{
    private const int SeedsMax = 10_000_000;
    private const int BrokenShown = 20;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<int> seeds = SimCommand.Number("--seeds", "How many seeds.", 1, SeedsMax, otherwise: 1000);
        var from = new Option<ulong>("--from") { Description = "The first seed; the others follow.", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };
        var mutation = new Option<StorageMutation>("--mutation")
        {
            Description = "A fault put into the store by hand, to see that it is found: "
                + string.Join(", ", Enum.GetValues<StorageMutation>().Where(each => each != StorageMutation.None)) + ".",
            HelpName = "NAME",
        };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command(
            "storage",
            "Clients put, get and delete while peers crash, join, leave, stall and lose power, also several at once, and the network is cut. Every read is checked against what was acknowledged. "
            + "Exit code 1 when a promise was broken.")
        {
            seeds, from, mutation, json,
        };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(seeds);
            StorageReport? report = null;
            ProgressDisplay.Run(terminal, [count], _ => FormattableString.Invariant($"{count:#,0} seeds"), (_, tell) =>
            {
                long begun = TimeProvider.System.GetTimestamp();
                report = StorageSweep.Run(
                    new Seed(parsed.GetValue(from)), count, parsed.GetValue(mutation), done => tell(done / (double)count), cancellation);
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

    private static void Write(TextWriter text, StorageReport report)
    {
        text.WriteLine(FormattableString.Invariant($"{report.Seeds:#,0} seeds from {report.From}: promises broken in {report.Broken.Count:#,0}"));
        text.WriteLine(FormattableString.Invariant($"{report.Acknowledged:#,0} writes acknowledged, {report.Refused:#,0} not; ")
            + FormattableString.Invariant($"{report.Reads:#,0} reads, {report.QuietReads:#,0} of them in a ring at rest; ")
            + FormattableString.Invariant($"{report.StaleInTurmoil:#,0} returned something older while peers came and went"));
        text.WriteLine(FormattableString.Invariant($"{report.Faults:#,0} faults; {report.Copied:#,0} objects copied and {report.Dropped:#,0} dropped by repair; ")
            + FormattableString.Invariant($"all in its place {report.RepairMedian.TotalSeconds:0.0} s after the last fault (median; at most {report.RepairMax.TotalSeconds:0.0} s)"));
        text.WriteLine(FormattableString.Invariant($"peers lost together {report.LostTogether:#,0} times, away together and back {report.FailedTogether:#,0} times; ")
            + FormattableString.Invariant($"{report.WithFewerCopies:#,0} writes acknowledged with fewer copies than there should be"));
        text.WriteLine(FormattableString.Invariant($"{report.Cuts:#,0} cuts of the network: {report.StaleWhileCut:#,0} reads returned something older then, ")
            + FormattableString.Invariant($"and {report.StayedApart:#,0} rings did not become one again"));
        text.WriteLine($"hash {report.Hash:x16}");
        foreach (StorageOutcome broken in report.Broken.Take(BrokenShown))
            text.WriteLine($"  seed {broken.Seed}: {(broken.Anomaly is { } anomaly ? anomaly.ToString() : broken.Unrepaired)}. Again: chord sim storage --seeds 1 --from {broken.Seed}");
    }

    private static void WriteJson(TextWriter text, StorageReport report)
    {
        text.WriteLine(JsonText.Of(json =>
        {
            json.WriteNumber("from", report.From.Number);
            json.WriteNumber("seeds", report.Seeds);
            json.WriteNumber("acknowledged", report.Acknowledged);
            json.WriteNumber("refused", report.Refused);
            json.WriteNumber("reads", report.Reads);
            json.WriteNumber("readsAtRest", report.QuietReads);
            json.WriteNumber("olderWhileChanging", report.StaleInTurmoil);
            json.WriteNumber("olderWhileCut", report.StaleWhileCut);
            json.WriteNumber("acknowledgedWithFewerCopies", report.WithFewerCopies);
            json.WriteNumber("faults", report.Faults);
            json.WriteNumber("lostTogether", report.LostTogether);
            json.WriteNumber("failedTogether", report.FailedTogether);
            json.WriteNumber("cuts", report.Cuts);
            json.WriteNumber("stayedApart", report.StayedApart);
            json.WriteNumber("copied", report.Copied);
            json.WriteNumber("dropped", report.Dropped);
            json.WriteNumber("repairMedianSeconds", report.RepairMedian.TotalSeconds);
            json.WriteNumber("repairMaxSeconds", report.RepairMax.TotalSeconds);
            json.WriteString("hash", $"{report.Hash:x16}");
            json.WriteBoolean("passed", report.Passed);
            json.WriteStartArray("broken");
            foreach (StorageOutcome broken in report.Broken)
            {
                json.WriteStartObject();
                json.WriteNumber("seed", broken.Seed.Number);
                json.WriteString("promise", broken.Anomaly?.ToString() ?? broken.Unrepaired);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }));
    }
}
