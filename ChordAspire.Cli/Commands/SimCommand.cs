using System.CommandLine;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim</c>: rings in the simulator.</summary>
internal static class SimCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation) => new("sim", "Rings on virtual time, drawn from a seed: the production protocol under faults.")
    {
        PaperCommand.Create(terminal, cancellation),
        ExperimentCommand.Create(terminal, cancellation),
        RunCommand.Create(terminal, cancellation),
        SweepCommand.Create(terminal, cancellation),
        ReplayCommand.Create(terminal, cancellation),
        ScenarioCommand.Create(terminal),
        ExhaustiveCommand.Create(terminal, cancellation),
        ChurnCommand.Create(terminal, cancellation),
        StorageCommand.Create(terminal, cancellation),
        MixedCommand.Create(terminal, cancellation),
    };

    /// <summary>The seed of a run.</summary>
    public static Option<ulong> Seed(string description, ulong? otherwise = null)
    {
        var option = new Option<ulong>("--seed") { Description = description, HelpName = "NUMBER", Required = otherwise is null };
        if (otherwise is { } number)
            option.DefaultValueFactory = _ => number;
        return option;
    }

    /// <summary>A number within bounds.</summary>
    public static Option<T> Number<T>(string name, string description, T min, T max, T otherwise) where T : IComparable<T>, IParsable<T>
    {
        var option = new Option<T>(name) { Description = description, HelpName = "NUMBER", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && T.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out T? number)
                && (number.CompareTo(min) < 0 || number.CompareTo(max) > 0))
                result.AddError(FormattableString.Invariant($"{name} takes {min} to {max}."));
        });
        return option;
    }
}
