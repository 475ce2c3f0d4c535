using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary>How many peers take part in runs that are drawn from seeds.</summary>
internal static class Sizes
{
    public static Option<string> Option()
    {
        var option = new Option<string>("--peers")
        {
            Description = $"How many peers take part: between {PlanSizes.Least} and {PlanSizes.Most}. A seed means another run with other numbers.",
            HelpName = "MIN-MAX",
            DefaultValueFactory = _ => PlanSizes.Default.ToString(),
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !PlanSizes.TryParse(result.Tokens[0].Value, out _))
                result.AddError($"--peers takes a number from {PlanSizes.Least} to {PlanSizes.Most}, or two such as {PlanSizes.Default}.");
        });
        return option;
    }

    public static PlanSizes Of(string? text) => PlanSizes.TryParse(text ?? "", out PlanSizes sizes) ? sizes : PlanSizes.Default;
}
