using System.CommandLine;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary>What the commands for objects share.</summary>
internal static class ObjectArguments
{
    /// <summary>The key of an object, as it is allowed in a ring.</summary>
    public static Argument<string> Key()
    {
        var key = new Argument<string>("KEY") { Description = $"The object's name: up to {RingLimits.MaxKeyBytes:#,0} bytes of UTF-8, without control characters." };
        key.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0)
                return;
            try
            {
                WireMapping.KeyFromWire(result.Tokens[0].Value);
            }
            catch (RefusedException refused)
            {
                result.AddError($"KEY: {refused.Message}");
            }
        });
        return key;
    }

    public static Option<bool> Json(string description = "Print what was done as one line of JSON.") => new("--json") { Description = description };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Say nothing unless something is wrong." };

    /// <summary>Where a key names no object.</summary>
    public static int NotFound(Terminal terminal, string key)
    {
        terminal.Error.WriteLine($"chord: there is no object '{key}'.");
        return ExitCode.NotFound;
    }
}
