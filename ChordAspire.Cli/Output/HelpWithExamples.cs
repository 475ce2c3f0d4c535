using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ChordAspire.Cli.Commands;

namespace ChordAspire.Cli;

/// <summary>The usual help, and the examples of a command behind it.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help need not know yet what to write.</summary>
    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            if (help.Action is HelpAction usual)
                help.Action = new HelpWithExamples(usual);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CommandWithExamples { Examples: { Count: > 0 } examples })
        {
            TextWriter text = parseResult.InvocationConfiguration.Output;
            text.WriteLine("Examples:");
            foreach (string example in examples)
                text.WriteLine($"  {example}");
            text.WriteLine();
        }
        return exitCode;
    }
}
