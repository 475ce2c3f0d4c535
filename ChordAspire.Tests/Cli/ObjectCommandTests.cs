using System.Text.Json;
using ChordAspire.Cli;
using ChordAspire.Rpc;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

public sealed class ObjectCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chord-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("put")]
    [InlineData("put", "key")]
    [InlineData("put", "", "file")]
    [InlineData("put", "a\tb", "file")]
    [InlineData("get")]
    [InlineData("get", "key", "--offset", "-1")]
    [InlineData("get", "key", "--length", "0")]
    [InlineData("get", "key", "--length", "many")]
    [InlineData("get", "key", "--json")]
    [InlineData("get", "key", "--output", "")]
    [InlineData("get", "key", "-o", "")]
    [InlineData("get", "key", "--json", "--output")]
    [InlineData("rm")]
    [InlineData("stat")]
    [InlineData("ls", "one", "two")]
    [InlineData("ls", "--peer", "nowhere")]
    [InlineData("ls", "--peer", "http://127.0.0.1:1")]
    [InlineData("ls", "--timeout", "0")]
    public void A_wrong_command_line_is_refused_in_one_line(params string[] args)
    {
        CommandRun run = CommandRun.Of(args);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("chord: ", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("put")]
    [InlineData("get")]
    [InlineData("rm")]
    [InlineData("ls")]
    [InlineData("stat")]
    public void Every_command_explains_itself_with_examples(string command)
    {
        CommandRun run = CommandRun.Of(command, "--help");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("CHORD_PEER", run.Out, StringComparison.Ordinal);
        Assert.Contains($"Examples:{Environment.NewLine}  ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Examples:", CommandRun.Of("--help").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_answers_the_command_says_what_to_do()
    {
        // Port 1 is nobody's.
        CommandRun run = CommandRun.Of("ls", "--peer", "127.0.0.1:1");
        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("chord: no peer answers at 127.0.0.1:1. Start a ring with 'dotnet run --project ChordAspire.AppHost'", run.Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(1_000_000)]
    public async Task A_file_is_stored_and_fetched(int size)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        byte[] content = ClientPutTests.Bytes(size);
        await File.WriteAllBytesAsync(In("source"), content, Cancellation);
        CommandRun put = await RunAsync(ring, "put", "a key", In("source"));
        Assert.Equal((ExitCode.Done, ""), (put.ExitCode, put.Out));
        Assert.StartsWith("put a key: ", put.Error);
        Assert.Contains(", 3 copies, owner 127.0.0.1:", put.Error, StringComparison.Ordinal);
        CommandRun get = await RunAsync(ring, "get", "a key", "--output", In("copy"));
        Assert.Equal((ExitCode.Done, ""), (get.ExitCode, get.Out));
        Assert.Equal(content, await File.ReadAllBytesAsync(In("copy"), Cancellation));
        Assert.Equal(["copy", "source"], Files());
    }

    [Fact]
    public async Task What_comes_in_is_stored_and_goes_out_again()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        byte[] content = ClientPutTests.Bytes(300_000);
        CommandRun put = await RunAsync(ring, new OneWayStream(new MemoryStream(content)), Stream.Null, "put", "key", "-", "--quiet");
        Assert.Equal(new CommandRun(ExitCode.Done, "", ""), put);
        var output = new MemoryStream();
        CommandRun get = await RunAsync(ring, Stream.Null, new OneWayStream(output), "get", "key", "-q");
        Assert.Equal(new CommandRun(ExitCode.Done, "", ""), get);
        Assert.Equal(content, output.ToArray());
        var range = new MemoryStream();
        await RunAsync(ring, Stream.Null, new OneWayStream(range), "get", "key", "--offset", "1000", "--length", "5");
        Assert.Equal(content[1000..1005], range.ToArray());
    }

    [Fact]
    public async Task A_missing_object_has_an_exit_code_of_its_own()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        await File.WriteAllTextAsync(In("file"), "as it was", Cancellation);
        foreach (string[] args in (string[][])[["get", "nothing", "-o", In("file")], ["rm", "nothing"], ["stat", "nothing"]])
        {
            CommandRun run = await RunAsync(ring, args);
            Assert.Equal(new CommandRun(ExitCode.NotFound, "", $"chord: there is no object 'nothing'.{Environment.NewLine}"), run);
        }
        Assert.Equal("as it was", await File.ReadAllTextAsync(In("file"), Cancellation));
        Assert.Equal(["file"], Files());
    }

    [Fact]
    public async Task A_file_is_replaced_only_by_a_whole_object()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("key", ClientPutTests.Bytes(300_000));
        await File.WriteAllTextAsync(In("file"), "as it was", Cancellation);
        ring.Peers[0].Garble = content => [.. content[..^1], (byte)~content[^1]];
        CommandRun bad = await RunAsync(ring, "get", "key", "-o", In("file"));
        Assert.Equal(ExitCode.Failed, bad.ExitCode);
        Assert.Contains("(Corrupted)", bad.Error, StringComparison.Ordinal);
        Assert.Equal("as it was", await File.ReadAllTextAsync(In("file"), Cancellation));
        Assert.Equal(["file"], Files());
        ring.Peers[0].Garble = content => content;
        Assert.Equal(ExitCode.Done, (await RunAsync(ring, "get", "key", "-o", In("file"))).ExitCode);
        Assert.Equal(ring.Objects["key"].Content, await File.ReadAllBytesAsync(In("file"), Cancellation));
    }

    [Fact]
    public async Task A_link_is_followed_to_the_file_it_names()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("key", [1, 2, 3]);
        await File.WriteAllTextAsync(In("file"), "as it was", Cancellation);
        File.CreateSymbolicLink(In("link"), In("file"));
        await RunAsync(ring, "get", "key", "-o", In("link"));
        Assert.NotNull(new FileInfo(In("link")).LinkTarget);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(In("file"), Cancellation));
    }

    [Fact]
    public async Task An_interrupted_transfer_leaves_nothing()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("key", ClientPutTests.Bytes(1_000_000));
        using var pressed = new CancellationTokenSource();
        ring.Peers[0].BeforePart = (part, _) =>
        {
            if (part == 2)
                pressed.Cancel();
            return Task.CompletedTask;
        };
        CommandRun run = await Task.Run(
            () => CommandRun.Of(["get", "key", "-o", In("file"), "--peer", ring.Peers[0].Address], Stream.Null, Stream.Null, pressed.Token), Cancellation);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.EndsWith($"chord: interrupted.{Environment.NewLine}", run.Error);
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData("missing", "there is no file")]
    [InlineData(".", "is a folder")]
    public async Task What_is_no_file_cannot_be_stored(string file, string says)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        CommandRun run = await RunAsync(ring, "put", "key", In(file));
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".", "is a folder")]
    [InlineData("missing/file", "there is no folder")]
    [InlineData("/proc/version", "is no plain file")]
    public async Task What_cannot_be_replaced_cannot_be_written_to(string file, string says)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Store("key", [1]);
        CommandRun run = await RunAsync(ring, "get", "key", "-o", In(file));
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ring_is_listed()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        foreach (string key in (string[])["b", "a/2", "a/1"])
            ring.Store(key, new byte[key.Length]);
        Assert.Equal(new CommandRun(ExitCode.Done, Lines("a/1", "a/2", "b"), ""), await RunAsync(ring, "ls"));
        Assert.Equal(Lines("a/1", "a/2"), (await RunAsync(ring, "ls", "a/")).Out);
        Assert.Equal("", (await RunAsync(ring, "ls", "c")).Out);
        Assert.Matches(@"^ +1  2027-01-15T08:00:00\.0\d\dZ  [0-9a-f]{64}  b\r?\n$", (await RunAsync(ring, "ls", "b", "-l")).Out);
        using JsonDocument line = JsonDocument.Parse((await RunAsync(ring, "ls", "a/1", "--json")).Out);
        Assert.Equal(("a/1", 3), (line.RootElement.GetProperty("key").GetString(), line.RootElement.GetProperty("size").GetInt32()));
    }

    [Fact]
    public async Task An_object_is_described_and_deleted()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        StoredContent stored = ring.Store("key", new byte[1234]);
        CommandRun stat = await RunAsync(ring, "stat", "key");
        Assert.Equal((ExitCode.Done, ""), (stat.ExitCode, stat.Error));
        Assert.Contains("size      1,234 bytes", stat.Out, StringComparison.Ordinal);
        Assert.Contains($"sha256    {stored.Version.Hash}", stat.Out, StringComparison.Ordinal);
        using JsonDocument line = JsonDocument.Parse((await RunAsync(ring, "stat", "key", "--json")).Out);
        Assert.Equal(2, line.RootElement.GetProperty("replicas").GetArrayLength());
        using JsonDocument deleted = JsonDocument.Parse((await RunAsync(ring, "rm", "key", "--json")).Out);
        Assert.True(deleted.RootElement.GetProperty("found").GetBoolean());
        Assert.Empty(ring.Objects);
    }

    [Fact]
    public async Task A_ring_without_room_says_what_to_do()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Before = (call, _) => call == "Put" ? throw ScriptedRing.Refuse(Refusal.Exhausted, "no room on disk") : Task.CompletedTask;
        CommandRun run = await RunAsync(ring, new MemoryStream([1]), Stream.Null, "put", "key", "-");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("no room on disk", run.Error, StringComparison.Ordinal);
        Assert.Contains("start more peers", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_begin_with_an_at_sign()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        // A file of that name, which is no part of the command line.
        await File.WriteAllTextAsync(In("a"), "--nonsense", Cancellation);
        foreach (string key in (string[])["@a", $"@{In("a")}"])
        {
            Assert.Equal(new CommandRun(ExitCode.Done, "", ""), await RunAsync(ring, new MemoryStream([1, 2]), Stream.Null, "put", key, "-", "-q"));
            Assert.Equal([1, 2], ring.Objects[key].Content);
            var output = new MemoryStream();
            Assert.Equal(ExitCode.Done, (await RunAsync(ring, Stream.Null, new OneWayStream(output), "get", key, "-q")).ExitCode);
            Assert.Equal([1, 2], output.ToArray());
        }
    }

    private string In(string file) => Path.Combine(_folder, file);

    private string[] Files() => [.. Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + Environment.NewLine));

    private static Task<CommandRun> RunAsync(ScriptedRing ring, params string[] args) => RunAsync(ring, Stream.Null, Stream.Null, args);

    private static Task<CommandRun> RunAsync(ScriptedRing ring, Stream input, Stream output, params string[] args) =>
        Task.Run(() => CommandRun.Of([.. args, "--peer", ring.Peers[0].Address], input, output, Cancellation), Cancellation);
}
