using System.Globalization;
using System.Text;
using ChordAspire.Cli;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

/// <summary>The built tool where its output goes to another program that has enough, or to a place without room.</summary>
public sealed class ClosedPipeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--json")]
    [InlineData("--interval", "0.2")]
    public async Task A_watch_that_nobody_reads_any_more_ends_although_nothing_changes(params string[] options)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        using ToolRun watch = ToolRun.Start(["watch", "--peer", ring.Peers[0].Address, .. options]);
        string? line;
        while ((line = await watch.Out.ReadLineAsync(Cancellation)) is not null && !line.Contains("2 peers, ideal", StringComparison.Ordinal))
        {
            // All that there is to say.
        }
        Assert.NotNull(line);
        watch.Out.Close();
        Assert.Equal((ExitCode.OutputClosed, ""), await watch.EndAsync());
    }

    [Fact]
    public async Task Of_an_object_no_more_is_fetched_than_somebody_reads()
    {
        const int PartBytes = 64 * 1024;
        const int Parts = 1000;
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("big", new byte[Parts * PartBytes]);
        int furthest = 0;
        ring.Peers[0].BeforePart = (part, _) =>
        {
            furthest = part;
            return Task.CompletedTask;
        };
        using ToolRun get = ToolRun.Start("get", "big", "--peer", ring.Peers[0].Address);
        Assert.Equal(10, await get.Out.ReadBlockAsync(new char[10], Cancellation));
        get.Out.Close();
        Assert.Equal((ExitCode.OutputClosed, ""), await get.EndAsync());
        // What the connection has room for was under way.
        Assert.InRange(furthest, 1, Parts / 2);
    }

    [Fact]
    public async Task A_listing_that_nobody_reads_any_more_ends_while_it_waits_for_the_ring()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        for (int i = 0; i < 6; i++)
            ring.Store($"key {i}", []);
        var closed = new TaskCompletionSource();
        ring.Peers[0].BeforePart = (part, context) => part switch
        {
            0 => Task.CompletedTask,
            1 => closed.Task,
            _ => ScriptedObjects.StaySilentAsync(context),
        };
        using ToolRun list = ToolRun.Start("ls", "--peer", ring.Peers[0].Address);
        Assert.Equal("key 0", await list.Out.ReadLineAsync(Cancellation));
        list.Out.Close();
        closed.SetResult();
        Assert.Equal((ExitCode.OutputClosed, ""), await list.EndAsync());
    }

    [Theory]
    [InlineData("ls")]
    [InlineData("get", "key")]
    [InlineData("ring")]
    [InlineData("watch", "--json")]
    public async Task Where_there_is_no_room_for_the_output_one_line_says_so(params string[] args)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("key", new byte[100]);
        using ToolRun full = ToolRun.StartShell($"{PtyRun.Tool} {string.Join(' ', args)} --peer {ring.Peers[0].Address} > /dev/full");
        Assert.Equal((ExitCode.Failed, "chord: cannot write to standard output: No space left on device.\n"), await full.EndAsync());
    }

    [Fact]
    public async Task A_listing_that_cannot_be_written_is_not_asked_for_any_longer()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        for (int i = 0; i < 6; i++)
            ring.Store($"key {i}", []);
        ring.Peers[0].BeforePart = (part, context) => part == 0 ? Task.CompletedTask : ScriptedObjects.StaySilentAsync(context);
        using var full = new FullWriter();
        using var error = new StringWriter();
        int exitCode = await Task.Run(() => ChordCommandLine.Run(["ls", "--peer", ring.Peers[0].Address], new Terminal(full, error), Cancellation), Cancellation);
        Assert.Equal((ExitCode.Failed, $"chord: no room.{Environment.NewLine}"), (exitCode, error.ToString()));
    }

    [Fact]
    public async Task Output_goes_behind_what_is_in_a_file_already_and_others_write_behind_it()
    {
        string folder = Directory.CreateTempSubdirectory("chord-").FullName;
        try
        {
            string file = Path.Combine(folder, "file");
            string tool = $"{PtyRun.Tool} completion bash";
            using ToolRun shell = ToolRun.StartShell($"{tool} > '{file}'; {tool} >> '{file}'; {{ echo first; {tool}; echo between; {tool}; echo last; }} > '{file}2'");
            Assert.Equal((ExitCode.Done, ""), await shell.EndAsync());
            string once = CommandRun.Of("completion", "bash").Out;
            Assert.Equal(once + once, await File.ReadAllTextAsync(file, Cancellation));
            Assert.Equal($"first\n{once}between\n{once}last\n", await File.ReadAllTextAsync($"{file}2", Cancellation));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class FullWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(string? value) => Refuse(value);

        public override void Write(StringBuilder? value) => Refuse(value?.ToString());

        private static void Refuse(string? value)
        {
            if (!string.IsNullOrEmpty(value))
                throw new IOException("no room.");
        }
    }
}
