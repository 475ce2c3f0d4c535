using ChordAspire.Cli;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

/// <summary>What all commands have in common when something is wrong.</summary>
public sealed class CommandLineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("A command is missing; there are lookup, put, get. See 'chord bench --help'.", "bench")]
    [InlineData("--rate takes a number, not 'x'. See 'chord bench lookup --help'.", "bench", "lookup", "--rate", "x")]
    [InlineData("--clients takes a whole number, not '1.5'. See 'chord bench put --help'.", "bench", "put", "--clients", "1.5")]
    [InlineData("--timeout takes 0.1 to 86400. See 'chord ring --help'.", "ring", "--timeout", "0")]
    [InlineData("Argument 'ksh' not recognized. Must be one of: 'bash' 'zsh' 'fish'. See 'chord completion --help'.", "completion", "ksh")]
    [InlineData("'surplus' is neither a command nor an option here. See 'chord ring --help'.", "ring", "surplus")]
    public void What_is_wrong_with_a_command_line_is_said_in_words(string sentence, params string[] args) =>
        Assert.Equal(new CommandRun(ExitCode.Usage, "", $"chord: {sentence}{Environment.NewLine}"), CommandRun.Of(args));

    [Theory]
    [InlineData("ring")]
    [InlineData("peer")]
    [InlineData("fingers")]
    [InlineData("lookup", "key")]
    [InlineData("watch")]
    [InlineData("watch", "--json")]
    [InlineData("join")]
    [InlineData("leave", "50", "--yes")]
    [InlineData("put", "key", "-")]
    [InlineData("get", "key")]
    [InlineData("stat", "key")]
    [InlineData("rm", "key")]
    [InlineData("ls")]
    [InlineData("bench", "lookup")]
    [InlineData("bench", "put")]
    [InlineData("bench", "get")]
    [InlineData("shell")]
    public void Where_nobody_answers_the_command_says_what_to_do(params string[] args)
    {
        // Port 1 is nobody's.
        CommandRun run = CommandRun.Of([.. args, "--peer", "127.0.0.1:1"]);
        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("chord: no peer answers at 127.0.0.1:1. Start a ring with", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("1", 2)]
    public async Task A_mistake_in_the_tool_is_one_line_that_asks_for_a_report(string? stack, int atLeast)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        using var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, error, openInput: () => throw new InvalidOperationException("nobody thought of that"));
        int exitCode;
        string? former = Environment.GetEnvironmentVariable("CHORD_STACK");
        Environment.SetEnvironmentVariable("CHORD_STACK", stack);
        try
        {
            exitCode = await Task.Run(() => ChordCommandLine.Run(["put", "key", "-", "--peer", ring.Peers[0].Address], terminal, Cancellation), Cancellation);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CHORD_STACK", former);
        }
        string[] lines = error.ToString().TrimEnd().Split('\n');
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.StartsWith("chord: nobody thought of that (InvalidOperationException) This is a mistake in chord: please report it, with ", lines[0]);
        Assert.True(stack is null ? lines.Length == atLeast : lines.Length >= atLeast, error.ToString());
    }
}
