using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace ChordAspire.Cli.Commands;

/// <summary>What is wrong with a command line, for people: the parser knows of types and tokens.</summary>
internal static partial class WrongLine
{
    /// <summary>One sentence.</summary>
    public static string SentenceOf(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var surplus, ..])
            return $"'{surplus}' is neither a command nor an option here.";
        ParseError error = parsed.Errors[0];
        string message = Blanks().Replace(error.Message, " ").TrimEnd();
        return error.SymbolResult switch
        {
            CommandResult { Command: { Subcommands.Count: > 0 } command } => $"A command is missing; there are {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}.",
            // Our own sentences begin with the option's name.
            OptionResult { Option: var option, Tokens: [var token, ..] } when option.HelpName == "NUMBER" && !message.StartsWith(option.Name, StringComparison.Ordinal) =>
                $"{option.Name} takes a {(IsFraction(option.ValueType) ? "number" : "whole number")}, not '{token.Value}'.",
            _ => message.EndsWith('.') ? message : $"{message}.",
        };
    }

    private static bool IsFraction(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(double);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
