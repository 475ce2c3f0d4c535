using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary>Which rules the peers follow: the production ones, unless another variant is named.</summary>
internal static class Variant
{
    public static Option<string?> Option()
    {
        var option = new Option<string?>("--variant") { Description = $"'{OriginalProtocol.Name}': the protocol of 2001, which has published defects. Default: the production protocol.", HelpName = "NAME" };
        option.CompletionSources.Add(OriginalProtocol.Name);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value != OriginalProtocol.Name)
                result.AddError($"There is no variant '{result.Tokens[0].Value}'; there is '{OriginalProtocol.Name}'.");
        });
        return option;
    }

    public static RunRules RulesOf(string? variant) => variant is null ? RunRules.Production : RunRules.Original;
}
