using System.Diagnostics;
using System.Text.RegularExpressions;
using ChordAspire.Cli;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

/// <summary>The built tool where somebody looks at it: on a terminal of its own.</summary>
public sealed partial class TerminalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shell_completes_remembers_and_lets_Ctrl_C_end_what_runs_in_it()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        await using PtyRun shell = PtyRun.Start(["shell", "--peer", ring.Peers[0].Address]);
        // As it is drawn while nothing is typed yet.
        string prompt = $"{ring.Peers[0].Address}> \u001b[K";
        await shell.SeeAsync(prompt);
        await shell.TypeAsync("sto", PtyRun.Tab);
        await shell.SeeAsync("store ");
        await CarryOutAsync("greeting hello to you", "put greeting: 12 bytes");
        await CarryOutAsync("show greeting", "\nhello to you");
        await CarryOutAsync(PtyRun.Up, "\nhello to you");
        int before = shell.Screen.Length;
        await shell.TypeAsync("leave 150", PtyRun.Enter);
        await shell.SeeAsync("leave the ring? [y/N]");
        await shell.TypeAsync("n", PtyRun.Enter);
        await shell.SeeAsync("nothing was done");
        await shell.SeeAsync(prompt, before);
        before = shell.Screen.Length;
        await shell.TypeAsync("leave 150", PtyRun.Enter);
        await shell.SeeAsync("leave the ring? [y/N]", before);
        await shell.TypeAsync(PtyRun.CtrlC);
        await shell.SeeAsync("interrupted", before);
        await shell.SeeAsync(prompt, before);
        await shell.TypeAsync("watch --interval 0.1", PtyRun.Enter);
        await shell.SeeAsync("ring: 2 peers, ideal");
        before = shell.Screen.Length;
        await shell.TypeAsync(PtyRun.CtrlC);
        await shell.SeeAsync(prompt, before);
        Assert.DoesNotContain("Leave", ring.Peers[1].Calls);
        before = shell.Screen.Length;
        await shell.TypeAsync("leave 150", PtyRun.Enter);
        await shell.SeeAsync("leave the ring? [y/N]", before);
        await shell.TypeAsync("no", PtyRun.Backspace, PtyRun.Backspace, PtyRun.Backspace, "y", PtyRun.Enter);
        await shell.SeeAsync("gone after", before);
        await shell.SeeAsync(prompt, before);
        await shell.TypeAsync(PtyRun.CtrlD);
        Assert.Equal(ExitCode.Done, await shell.WaitForExitAsync());

        async Task CarryOutAsync(string line, string shows)
        {
            int before = shell.Screen.Length;
            await shell.TypeAsync(line, PtyRun.Enter);
            await shell.SeeAsync(shows, before);
            await shell.SeeAsync(prompt, before);
        }
    }

    [Fact]
    public async Task A_watch_redraws_the_ring_and_ends_with_Ctrl_C()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        await using PtyRun watch = PtyRun.Start(["watch", "--interval", "0.1", "--peer", ring.Peers[0].Address]);
        await watch.SeeAsync("ring: 3 peers, ideal");
        ring.Peers[1].IsDead = true;
        await watch.SeeAsync("silent, was member");
        await watch.TypeAsync(PtyRun.CtrlC);
        Assert.Equal(ExitCode.Done, await watch.WaitForExitAsync());
    }

    [Fact]
    public async Task What_takes_longer_than_a_second_shows_how_far_it_is()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        await using PtyRun bench = PtyRun.Start(["bench", "lookup", "--duration", "2", "--warm-up", "0", "--peer", ring.Peers[0].Address]);
        await bench.SeeAsync("━");
        await bench.SeeAsync("latency ");
        Assert.Equal(ExitCode.Done, await bench.WaitForExitAsync());
        ring.Peers[0].Before = (call, context) => call == "Lookup" ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        await using PtyRun lookup = PtyRun.Start(["lookup", "key", "--timeout", "6", "--peer", ring.Peers[0].Address]);
        await lookup.SeeAsync("looking up");
        Assert.Equal(ExitCode.Unreachable, await lookup.WaitForExitAsync());
    }

    [Fact]
    public async Task Ctrl_C_where_leave_asks_ends_it_at_once_and_nothing_is_done()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        await using PtyRun leave = PtyRun.Start(["leave", "150", "--peer", ring.Peers[0].Address]);
        await leave.SeeAsync("leave the ring? [y/N]");
        await leave.TypeAsync("yex", PtyRun.CtrlC);
        Assert.Equal(ExitCode.Failed, await leave.WaitForExitAsync());
        Assert.EndsWith("^C\nchord: interrupted.\n", leave.Screen.ReplaceLineEndings("\n"));
        Assert.DoesNotContain("Leave", ring.Peers[1].Calls);
    }

    [Theory]
    [InlineData("Ctrl+C")]
    [InlineData("SIGTERM")]
    [InlineData("its terminal is closed")]
    public async Task A_get_that_is_told_to_end_leaves_no_part_of_the_file(string how)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("key", ClientPutTests.Bytes(1_000_000));
        ring.Peers[0].BeforePart = (part, context) => part == 2 ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        string folder = Directory.CreateTempSubdirectory("chord-").FullName;
        try
        {
            await using PtyRun get = PtyRun.Start(["get", "key", "-o", Path.Combine(folder, "file"), "--peer", ring.Peers[0].Address]);
            await Patience.UntilAsync("a part of the file is there", () => Task.FromResult(Directory.GetFiles(folder, ".*.part").Length == 1), () => get.Screen, Cancellation);
            if (how == "its terminal is closed")
            {
                get.HangUp();
                await Patience.UntilAsync("nothing is left", () => Task.FromResult(Directory.GetFiles(folder).Length == 0), () => get.Screen, Cancellation);
                return;
            }
            if (how == "Ctrl+C")
                await get.TypeAsync(PtyRun.CtrlC);
            else
                ProcessSignal.Send(get.ToolProcessId, ProcessSignal.Terminate);
            Assert.Equal(ExitCode.Failed, await get.WaitForExitAsync());
            Assert.Contains("chord: interrupted.", get.Screen, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_at_once_what_does_not_end_in_order()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Before = (call, context) => call == "Delete" ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        await using PtyRun bench = PtyRun.Start(["bench", "put", "--duration", "600", "--timeout", "600", "--peer", ring.Peers[0].Address]);
        await PressTwiceAsync(bench, ring);
        Assert.NotEqual(ExitCode.Done, await bench.WaitForExitAsync());
    }

    [Fact]
    public async Task In_a_shell_too_a_second_Ctrl_C_ends_at_once_what_does_not_end_in_order()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Before = (call, context) => call == "Delete" ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        await using PtyRun shell = PtyRun.Start(["shell", "--timeout", "600", "--peer", ring.Peers[0].Address]);
        await shell.SeeAsync($"{ring.Peers[0].Address}> \u001b[K");
        await shell.TypeAsync("bench put --duration 600", PtyRun.Enter);
        await PressTwiceAsync(shell, ring);
        Assert.NotEqual(ExitCode.Done, await shell.WaitForExitAsync());
    }

    /// <summary>Once to end a bench, and once more while it deletes its objects, which the ring does not answer.</summary>
    private static async Task PressTwiceAsync(PtyRun run, ScriptedRing ring)
    {
        await Patience.UntilAsync("objects are stored", () => Task.FromResult(ring.Peers[0].Calls.Contains("Put")), () => run.Screen, Cancellation);
        await run.TypeAsync(PtyRun.CtrlC);
        await Patience.UntilAsync("they are deleted", () => Task.FromResult(ring.Peers[0].Calls.Contains("Delete")), () => run.Screen, Cancellation);
        await run.TypeAsync(PtyRun.CtrlC);
    }

    [Fact]
    public async Task A_search_for_a_smaller_run_shows_that_it_goes_on_and_ends_with_Ctrl_C()
    {
        // Takes ten seconds of a processor otherwise.
        await using PtyRun replay = PtyRun.Start(["sim", "replay", "--seed", "118", "--peers", "64", "--variant", "original", "--last", "1", "--shrink"]);
        await replay.SeeAsync("looking for the smallest run");
        await replay.TypeAsync(PtyRun.CtrlC);
        Assert.Equal(ExitCode.Failed, await replay.WaitForExitAsync());
        Assert.Contains("chord: interrupted.", replay.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_that_waits_for_a_line_ends_when_it_is_told_to()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        await using PtyRun shell = PtyRun.Start(["shell", "--peer", ring.Peers[0].Address]);
        await shell.SeeAsync($"{ring.Peers[0].Address}> \u001b[K");
        ProcessSignal.Send(shell.ToolProcessId, ProcessSignal.Terminate);
        Assert.Equal(ExitCode.Failed, await shell.WaitForExitAsync());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public async Task There_are_colours_on_a_terminal_unless_NO_COLOR_is_set(string? noColor, bool hasColours)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        await using PtyRun run = PtyRun.Start(["ring"], ("CHORD_PEER", ring.Peers[0].Address), ("NO_COLOR", noColor));
        Assert.Equal(ExitCode.Done, await run.WaitForExitAsync());
        Assert.Contains("ideal", run.Screen, StringComparison.Ordinal);
        Assert.Equal(hasColours, Colour().IsMatch(run.Screen));
    }

    [Fact]
    public async Task In_a_pipe_there_are_no_codes_and_the_peer_of_the_environment_is_asked()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { Path.Combine(AppContext.BaseDirectory, "ChordAspire.Cli.dll"), "ring" } };
        info.Environment["CHORD_PEER"] = ring.Peers[1].Address;
        using Process process = Process.Start(info)!;
        string text = await process.StandardOutput.ReadToEndAsync(Cancellation);
        Assert.Equal("", await process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(ExitCode.Done, process.ExitCode);
        Assert.Contains("2 peers on 8 bits, successor lists of 2: ideal", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", text, StringComparison.Ordinal);
        Assert.NotEmpty(ring.Peers[1].Calls);
    }

    [Fact]
    public async Task A_peer_in_the_environment_that_is_none_is_refused()
    {
        await using PtyRun run = PtyRun.Start(["ring"], ("CHORD_PEER", "nowhere"));
        Assert.Equal(ExitCode.Usage, await run.WaitForExitAsync());
        Assert.Contains("CHORD_PEER takes HOST:PORT", run.Screen, StringComparison.Ordinal);
    }

    [GeneratedRegex("\u001b\\[[0-9;]*3[0-9][0-9;]*m")]
    private static partial Regex Colour();
}
