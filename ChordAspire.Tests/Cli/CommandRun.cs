using ChordAspire.Cli;

namespace ChordAspire.Tests.Cli;

/// <summary>One command line, carried out in this process without a terminal.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static CommandRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = ChordCommandLine.Run(args, new Terminal(output, error));
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}
