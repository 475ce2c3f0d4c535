using System.CommandLine;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim paper</c>: the papers' figures and tables, done again.</summary>
internal static class PaperCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var only = new Option<string?>("--only") { Description = "Only these, separated by commas: " + string.Join(", ", PaperExperiments.Full.Select(experiment => experiment.Id)), HelpName = "NAMES" };
        only.CompletionSources.Add([.. PaperExperiments.Full.Select(experiment => experiment.Id)]);
        var command = new Command("paper", "Repeats the figures and tables of the Chord papers with the production protocol, and compares. Exit code 1 when a number lies outside its tolerance.") { only };
        var suite = new ExperimentSuite("paper", "The Chord papers, done again", ".ring/papers", terminal, cancellation);
        suite.AddOptionsTo(command);
        command.SetAction(parsed =>
        {
            string? names = parsed.GetValue(only);
            return suite.Run(parsed, PaperExperiments.Full, PaperExperiments.Quick, all => Choose(all, names), names is null ? "" : $"--only {names}");
        });
        return command;
    }

    private static IReadOnlyList<Experiment> Choose(IReadOnlyList<Experiment> all, string? names) =>
        names is null ? all : ExperimentSuite.Named(all, names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), "--only");
}
