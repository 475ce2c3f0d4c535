using ChordAspire.Cli;

namespace ChordAspire.Tests.Cli;

/// <summary>One command line, carried out in this process without a terminal.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static CommandRun Of(params string[] args) => Of(args, Stream.Null, Stream.Null);

    /// <summary>The same, with bytes that come in and go out.</summary>
    public static CommandRun Of(string[] args, Stream input, Stream output, CancellationToken cancellation = default)
    {
        using var text = new StringWriter();
        using var error = new StringWriter();
        int exitCode = ChordCommandLine.Run(args, new Terminal(text, error, openInput: () => input, openOutput: () => output), cancellation);
        return new CommandRun(exitCode, text.ToString(), error.ToString());
    }
}
