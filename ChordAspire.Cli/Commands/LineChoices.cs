using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace ChordAspire.Cli.Commands;

/// <summary>How a line that is being typed may go on: subcommands, options, and values that there are a few of. None where a file, a key or a number is wanted.</summary>
internal static class LineChoices
{
    /// <summary>How all lines are read: what begins with @ is a key like others, not a file with more of the line.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <param name="commands">All of <c>chord</c>.</param>
    /// <param name="before">The line up to the cursor, without <c>chord</c> itself.</param>
    /// <returns>What may stand in the place of its last word, in order.</returns>
    public static IReadOnlyList<string> Of(RootCommand commands, string before)
    {
        string word = before[(before.LastIndexOf(' ') + 1)..];
        ParseResult parsed = commands.Parse(before[..^word.Length], Parsing);
        if (parsed.UnmatchedTokens.Count > 0)
            return [];
        Command command = parsed.CommandResult.Command;
        Option? option = OptionThatWants(parsed, command);
        IEnumerable<string> all = (option is null ? command.GetCompletions(CompletionContext.Empty) : option.GetCompletions(CompletionContext.Empty))
            .Select(choice => choice.InsertText ?? choice.Label);
        string[] given = [.. command.Options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
        // Short forms, and those of another system, say nothing to who does not know them.
        bool isOption = option is null && (word.StartsWith('-') || (!command.Subcommands.Any() && !WantsArgument(parsed, command)));
        return [.. all
            .Where(choice => choice.StartsWith(word, StringComparison.Ordinal) && choice.StartsWith(isOption ? "--" : "", StringComparison.Ordinal) && (isOption || choice[0] is not ('-' or '/')))
            .Except(given).Order(StringComparer.Ordinal)];
    }

    /// <summary>The option in front of the word, where it takes a value; a switch takes none.</summary>
    private static Option? OptionThatWants(ParseResult parsed, Command command)
    {
        if (parsed.Tokens is not [.., { Type: TokenType.Option } last])
            return null;
        Option? option = command.Options.FirstOrDefault(option => option.Name == last.Value || option.Aliases.Contains(last.Value));
        return option is { Arity.MinimumNumberOfValues: > 0 } ? option : null;
    }

    private static bool WantsArgument(ParseResult parsed, Command command) =>
        command.Arguments.Any(argument => (parsed.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MaximumNumberOfValues);
}
