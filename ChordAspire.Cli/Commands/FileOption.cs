using System.CommandLine;

namespace ChordAspire.Cli.Commands;

/// <summary>Options that name a file or a folder.</summary>
internal static class FileOption
{
    /// <summary>An empty name is mostly a variable of a script that was never set: told at once, and not after an hour's work.</summary>
    /// <param name="takes">What its name is for: "file" or "folder".</param>
    public static TOption NotEmpty<TOption>(this TOption option, string takes) where TOption : Option
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError($"{option.Name} takes the name of a {takes}, not an empty one.");
        });
        return option;
    }
}
