using System.CommandLine;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim</c>: rings in the simulator.</summary>
internal static class SimCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation) => new("sim", "Rings on virtual time, drawn from a seed: the production protocol under faults.")
    {
        PaperCommand.Create(terminal, cancellation),
        ExperimentCommand.Create(terminal, cancellation),
        RunCommand.Create(terminal),
        SweepCommand.Create(terminal, cancellation),
        ReplayCommand.Create(terminal),
        ScenarioCommand.Create(terminal),
    };

    /// <summary>The seed of a run.</summary>
    public static Option<ulong> Seed(string description, ulong? otherwise = null)
    {
        var option = new Option<ulong>("--seed") { Description = description, HelpName = "NUMBER", Required = otherwise is null };
        if (otherwise is { } number)
            option.DefaultValueFactory = _ => number;
        return option;
    }
}
