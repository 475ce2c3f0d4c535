using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim scenario</c>: a published counterexample, step by step.</summary>
internal static class ScenarioCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "Which one; none: list them.", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add([.. Scenarios.All.Select(scenario => scenario.Name)]);
        Option<string?> variant = Variant.Option();
        Option<bool> json = ObjectArguments.Json("Print JSON; of a list, one line for each.");
        var command = new Command("scenario", "Follows a published counterexample to the protocol of 2001. Exit code 1 when the property that it is about was lost, or the ring did not become ideal.") { name, variant, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is not { } wanted)
            {
                foreach (Scenario scenario in Scenarios.All)
                    terminal.Out.WriteLine(parsed.GetValue(json) ? SimulationJson.LineOf(scenario) : $"{scenario.Name,-22} {scenario.Source}: {scenario.Story}");
                return ExitCode.Done;
            }
            Scenario chosen = Scenarios.All.FirstOrDefault(scenario => scenario.Name == wanted)
                ?? throw new UsageException($"There is no scenario '{wanted}'; there are {string.Join(", ", Scenarios.All.Select(scenario => scenario.Name))}.");
            return Follow(terminal, chosen, parsed.GetValue(variant) is not null, parsed.GetValue(json));
        });
        return command;
    }

    private static int Follow(Terminal terminal, Scenario scenario, bool original, bool asJson)
    {
        ScenarioOutcome outcome = scenario.Run(original);
        if (asJson)
        {
            terminal.Out.WriteLine(SimulationJson.Of(outcome));
            return outcome.Passed ? ExitCode.Done : ExitCode.Failed;
        }
        terminal.Out.WriteLine($"{scenario.Name}, {scenario.Source}: {scenario.Story}");
        terminal.Out.WriteLine();
        foreach (string line in outcome.Told)
            terminal.Out.WriteLine(line);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(outcome.Lost.IsEmpty ? "Every property held when the script was over." : $"Lost when the script was over: {string.Join(", ", outcome.Lost)}.");
        terminal.Out.WriteLine(outcome.BecameIdeal ? $"Ideal after {outcome.Rounds} more rounds:" : $"Not ideal after {outcome.Rounds} more rounds:");
        terminal.Out.Write(outcome.RingAtTheEnd);
        return outcome.Passed ? ExitCode.Done : ExitCode.Failed;
    }
}
