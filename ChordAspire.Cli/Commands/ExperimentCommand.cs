using System.CommandLine;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim experiment</c>: what the Chord papers did not do.</summary>
internal static class ExperimentCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var names = new Argument<string[]>("NAMES")
        {
            Description = "Only these: " + string.Join(", ", BeyondExperiments.Full.Select(experiment => experiment.Id)) + ". All of them when none is named.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add([.. BeyondExperiments.Full.Select(experiment => experiment.Id)]);
        var command = new Command(
            "experiment",
            "Goes beyond the Chord papers, with the production protocol: crashes, what maintenance costs, partitions, the largest ring. "
            + "Exit code 1 when a number lies outside its tolerance.")
        {
            names,
        };
        var suite = new ExperimentSuite("experiment", "Beyond the Chord papers", ".ring/experiments", terminal, cancellation);
        suite.AddOptionsTo(command);
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetValue(names) ?? [];
            return suite.Run(
                parsed,
                BeyondExperiments.Full,
                BeyondExperiments.Quick,
                all => named.Length == 0 ? all : ExperimentSuite.Named(all, named, "'sim experiment'"),
                string.Join(' ', named));
        });
        return command;
    }
}
