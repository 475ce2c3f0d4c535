using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord "[suggest:POSITION]" "LINE"</c>: the choices for a shell that completes, one a line.</summary>
internal sealed class LineSuggestion(SuggestDirective directive, RootCommand commands) : SynchronousCommandLineAction
{
    /// <summary>The line that is to be completed is no command line of this one.</summary>
    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        foreach (SuggestDirective directive in root.Directives.OfType<SuggestDirective>())
            directive.Action = new LineSuggestion(directive, root);
    }

    public override int Invoke(ParseResult parseResult)
    {
        string line = parseResult.Tokens is [.., { Type: not TokenType.Directive } last] ? last.Value : "";
        string? position = parseResult.GetResult(directive) is { Values: [var given, ..] } ? given : null;
        string before = int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length < line.Length ? line[..length] : line;
        // Behind the name of the tool itself, however it was typed.
        before = before.TrimStart();
        int end = before.IndexOf(' ', StringComparison.Ordinal);
        if (end >= 0)
        {
            foreach (string choice in LineChoices.Of(commands, before[(end + 1)..].TrimStart()))
                parseResult.InvocationConfiguration.Output.WriteLine(choice);
        }
        return ExitCode.Done;
    }
}
