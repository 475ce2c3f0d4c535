using ChordAspire.Cli;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

/// <summary><c>chord shell</c> with lines that come from a pipe.</summary>
public sealed class ShellCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Where_nobody_answers_there_is_no_shell() =>
        Assert.Equal(ExitCode.Unreachable, CommandRun.Of("shell", "--peer", "127.0.0.1:1").ExitCode);

    [Fact]
    public async Task Texts_are_stored_and_shown()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        CommandRun run = await ShellAsync(ring, "store greeting hello to you", "# a remark", "", "show greeting", "store \"a key\" 'x'", "store @a y", "show @a", "ls", "exit", "ring");
        Assert.Equal((ExitCode.Done, $"hello to you\ny\n@a\na key\ngreeting\n"), (run.ExitCode, run.Out.ReplaceLineEndings("\n")));
        Assert.Contains("put greeting: 12 bytes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_commands_of_chord_are_there_on_the_shells_ring()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        CommandRun run = await ShellAsync(ring, "ring", "lookup hello", "fingers 150", "leave 150 --yes", "peer --json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("2 peers on 8 bits, successor lists of 2: ideal", run.Out, StringComparison.Ordinal);
        Assert.Contains("hello is at ", run.Out, StringComparison.Ordinal);
        Assert.Contains("150 at ", run.Out, StringComparison.Ordinal);
        Assert.Contains("gone after", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_after_a_failure_and_remembers_it()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        CommandRun run = await ShellAsync(ring, "show nothing", "rnig", "shell", "store lonely", "show", "use nobody", "use 127.0.0.1:1", "peer");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal(7, run.Error.TrimEnd().Split('\n').Length);
        Assert.All(run.Error.TrimEnd().Split('\n'), line => Assert.StartsWith("chord: ", line));
        Assert.Contains($"address       {ring.Peers[0].Address}", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_through_another_peer()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        CommandRun run = await ShellAsync(ring, $"use {ring.Peers[1].Address}", "fingers");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"150 at {ring.Peers[1].Address}", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_on_standard_input_is_its_own_lines_and_no_object()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        CommandRun run = await ShellAsync(ring, "put key -");
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Equal($"chord: standard input carries the lines of this shell: name a file instead of -, or use 'store KEY TEXT'.{Environment.NewLine}", run.Error);
        Assert.Empty(ring.Objects);
    }

    [Fact]
    public async Task Its_timeout_is_that_of_its_commands_that_have_none_of_their_own()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Before = (call, context) => call == "Lookup" ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        CommandRun run = await ShellAsync(ring, ["--timeout", "1.25"], "stat key", "stat key --timeout 0.75");
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(" after 1.25 s", lines[0], StringComparison.Ordinal);
        Assert.Contains(" after 0.75 s", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_prints_no_more_than_can_be_read()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("most", [.. Enumerable.Repeat((byte)'x', 1 << 20)]);
        ring.Store("more", [.. Enumerable.Repeat((byte)'x', (1 << 20) + 1)]);
        CommandRun run = await ShellAsync(ring, "show most", "show more");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal((1 << 20) + Environment.NewLine.Length, run.Out.Length);
        Assert.Equal($"chord: 'more' is larger than 1,048,576 bytes, the most that show prints: 'get' fetches it, with -o FILE into a file.{Environment.NewLine}", run.Error);
    }

    [Fact]
    public async Task It_explains_itself()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        CommandRun run = await ShellAsync(ring, "help", "help ring");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("store KEY TEXT", run.Out, StringComparison.Ordinal);
        Assert.Contains("bench", run.Out, StringComparison.Ordinal);
        Assert.Contains("chord ring --check && echo ideal", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chord ri", "ring")]
    [InlineData("chord r", "ring rm")]
    [InlineData(" ./bin/chord bench ", "get lookup put")]
    [InlineData("chord ring --c", "--check")]
    [InlineData("chord ring --check --", "--help --json --peer --timeout")]
    [InlineData("chord completion ", "bash fish zsh")]
    [InlineData("chord sim run --seed 1 --variant ", "original")]
    [InlineData("chord sim churn --clocks h", "host")]
    [InlineData("chord sim scenario ring", "ring-of-one")]
    // Nothing but options is left to be said.
    [InlineData("chord shell ", "--help --peer --timeout")]
    [InlineData("chord get \"a key\" ", "--help --json --length --offset --output --peer --quiet --timeout")]
    // A file, a number or a key is wanted, or there is no such thing.
    [InlineData("chord put key ", "")]
    [InlineData("chord get key --output ", "")]
    [InlineData("chord get key -o ", "")]
    [InlineData("chord ring --timeout ", "")]
    [InlineData("chord rnig ", "")]
    [InlineData("chord", "")]
    public void Shells_are_told_how_a_line_may_go_on(string line, string choices)
    {
        CommandRun run = CommandRun.Of($"[suggest:{line.Length}]", line);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(choices, run.Out.ReplaceLineEndings(" ").TrimEnd());
    }

    [Fact]
    public void What_stands_behind_the_cursor_does_not_count() => Assert.Equal($"ring{Environment.NewLine}rm{Environment.NewLine}", CommandRun.Of("[suggest:7]", "chord r --check").Out);

    [Theory]
    [InlineData("completion")]
    [InlineData("completion", "ksh")]
    [InlineData("shell", "surplus")]
    public void A_wrong_command_line_is_refused_in_one_line(params string[] args)
    {
        CommandRun run = CommandRun.Of(args);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    private static Task<CommandRun> ShellAsync(ScriptedRing ring, params string[] lines) => ShellAsync(ring, [], lines);

    private static async Task<CommandRun> ShellAsync(ScriptedRing ring, string[] options, params string[] lines)
    {
        using var text = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(text, error, readLine: new StringReader(string.Join('\n', lines)).ReadLine);
        int exitCode = await Task.Run(() => ChordCommandLine.Run(["shell", "--peer", ring.Peers[0].Address, .. options], terminal, Cancellation), Cancellation);
        return new CommandRun(exitCode, text.ToString(), error.ToString());
    }
}
