using System.CommandLine;
using System.Text;
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
            string given = result.Tokens[0].Value;
            int bytes = Encoding.UTF8.GetByteCount(given);
            if (bytes is 0 or > RingLimits.MaxKeyBytes)
                result.AddError($"KEY has {bytes} bytes of UTF-8; 1 to {RingLimits.MaxKeyBytes} are allowed.");
            else if (given.Any(char.IsControl))
                result.AddError("KEY has a control character in it; none is allowed.");
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
