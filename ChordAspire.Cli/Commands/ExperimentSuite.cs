using System.CommandLine;
using ChordAspire.Cli.Reports;
using ChordAspire.Simulation;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Commands;

/// <summary>What the commands that run experiments have in common: options, progress, and a report as tables, page and JSON.</summary>
/// <param name="name">Of the command, as in <c>chord sim paper</c>.</param>
/// <param name="title">Of its report.</param>
/// <param name="folder">Where the report goes unless told otherwise.</param>
internal sealed class ExperimentSuite(string name, string title, string folder, Terminal terminal, CancellationToken cancellation)
{
    private readonly Option<ulong> _seed = SimCommand.Seed("All chance comes from it: the same seed gives the same report.", otherwise: 1);
    private readonly Option<string> _folder = new Option<string>("--out") { Description = "Folder for report.html and report.json.", HelpName = "FOLDER", DefaultValueFactory = _ => folder }.NotEmpty("folder");
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON instead of tables." };
    private readonly Option<bool> _quick = new("--quick") { Description = "Small sizes: some seconds in all." };

    public void AddOptionsTo(Command command)
    {
        command.Options.Add(_seed);
        command.Options.Add(_folder);
        command.Options.Add(_json);
        command.Options.Add(_quick);
    }

    /// <summary>Runs the chosen experiments and writes their report.</summary>
    /// <param name="choice">Given all of them; those to run.</param>
    /// <param name="words">How the choice was put on the command line; empty: it was not.</param>
    public int Run(ParseResult parsed, IReadOnlyList<Experiment> full, IReadOnlyList<Experiment> quick, Func<IReadOnlyList<Experiment>, IReadOnlyList<Experiment>> choice, string words)
    {
        bool isQuick = parsed.GetValue(_quick);
        var seed = new Seed(parsed.GetValue(_seed));
        IReadOnlyList<Experiment> chosen = choice(isQuick ? quick : full);
        string command = string.Join(' ', new[] { "chord sim", name, words, $"--seed {seed}", isQuick ? "--quick" : "" }.Where(word => word.Length > 0));
        // First of all: experiments take minutes, and what they found is to have a place then.
        string into = parsed.GetRequiredValue(_folder);
        Directory.CreateDirectory(into);
        var report = new PaperReport(title, command, seed, [.. Run(chosen, seed)]);
        Write(report, into, parsed.GetValue(_json));
        return report.Outside.Any() ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Those of these names, in the order of the suite.</summary>
    /// <param name="what">What the names were given to, for the message where one is unknown.</param>
    public static IReadOnlyList<Experiment> Named(IReadOnlyList<Experiment> all, IReadOnlyList<string> names, string what)
    {
        string? unknown = names.FirstOrDefault(one => all.All(experiment => experiment.Id != one));
        if (unknown is not null || names.Count == 0)
            throw new UsageException($"{what} knows no '{unknown}'; there are {string.Join(", ", all.Select(experiment => experiment.Id))}.");
        return [.. all.Where(experiment => names.Contains(experiment.Id))];
    }

    private List<PaperReport.Section> Run(IReadOnlyList<Experiment> experiments, Seed seed)
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
        return sections;
    }

    private void Write(PaperReport report, string into, bool json)
    {
        string page = Path.Combine(into, "report.html");
        string asJson = JsonReport.Of(report);
        File.WriteAllText(page, HtmlReport.Of(report));
        File.WriteAllText(Path.Combine(into, "report.json"), asJson);
        if (json)
            terminal.Out.WriteLine(asJson);
        else
            PaperTables.Print(terminal.Console, report);
        terminal.Error.WriteLine($"With plots: {page}");
    }
}
