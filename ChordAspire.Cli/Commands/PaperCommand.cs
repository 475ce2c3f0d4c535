using System.CommandLine;
using ChordAspire.Cli.Reports;
using ChordAspire.Simulation;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim paper</c>: the papers' figures and tables, done again.</summary>
internal static class PaperCommand
{
    private const string DefaultFolder = ".ring/papers";

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var only = new Option<string?>("--only") { Description = "Only these, separated by commas: " + string.Join(", ", PaperExperiments.Full.Select(experiment => experiment.Id)), HelpName = "NAMES" };
        Option<ulong> seed = SimCommand.Seed("All chance comes from it: the same seed gives the same report.", otherwise: 1);
        var folder = new Option<string>("--out") { Description = "Folder for report.html and report.json.", HelpName = "FOLDER", DefaultValueFactory = _ => DefaultFolder };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON instead of tables." };
        var quick = new Option<bool>("--quick") { Description = "Small sizes: a few seconds in all." };
        var command = new Command("paper", "Repeats the figures and tables of the Chord papers with the production protocol, and compares. Exit code 1 when a number lies outside its tolerance.")
        {
            only, seed, folder, json, quick,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Experiment> chosen = Choose(parsed.GetValue(quick) ? PaperExperiments.Quick : PaperExperiments.Full, parsed.GetValue(only));
            PaperReport report = Run(terminal, chosen, new Seed(parsed.GetValue(seed)), parsed.GetValue(quick), cancellation);
            Write(terminal, report, parsed.GetValue(folder)!, parsed.GetValue(json));
            return report.Outside.Any() ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static IReadOnlyList<Experiment> Choose(IReadOnlyList<Experiment> all, string? only)
    {
        if (only is null)
            return all;
        string[] names = only.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? unknown = names.FirstOrDefault(name => all.All(experiment => experiment.Id != name));
        if (unknown is not null || names.Length == 0)
            throw new UsageException($"--only knows no '{unknown ?? only}'; there are {string.Join(", ", all.Select(experiment => experiment.Id))}.");
        return [.. all.Where(experiment => names.Contains(experiment.Id))];
    }

    private static PaperReport Run(Terminal terminal, IReadOnlyList<Experiment> experiments, Seed seed, bool quick, CancellationToken cancellation)
    {
        List<PaperReport.Section> sections = [];
        ProgressDisplay.Run(terminal, experiments, experiment => $"{experiment.Id,-13} {experiment.Title}", (experiment, tell) =>
        {
            long begun = TimeProvider.System.GetTimestamp();
            var run = new ExperimentRun(seed, Environment.ProcessorCount, progress => tell(progress.All == 0 ? 0 : progress.Done / (double)progress.All), cancellation);
            Findings findings = experiment.Run(run);
            TimeSpan took = TimeProvider.System.GetElapsedTime(begun);
            sections.Add(new PaperReport.Section(experiment, findings, took));
            return FormattableString.Invariant($"{took.TotalSeconds:0.0} s");
        });
        return new PaperReport(seed, quick, [.. sections]);
    }

    private static void Write(Terminal terminal, PaperReport report, string folder, bool json)
    {
        Directory.CreateDirectory(folder);
        string page = Path.Combine(folder, "report.html");
        string asJson = JsonReport.Of(report);
        File.WriteAllText(page, HtmlReport.Of(report));
        File.WriteAllText(Path.Combine(folder, "report.json"), asJson);
        if (json)
            terminal.Out.WriteLine(asJson);
        else
            PaperTables.Print(terminal.Console, report);
        terminal.Error.WriteLine($"With plots: {page}");
    }
}
