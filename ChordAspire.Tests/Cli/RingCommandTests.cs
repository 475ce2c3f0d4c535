using System.Text.Json;
using ChordAspire.Cli;
using ChordAspire.Rpc;
using ChordAspire.Tests.Rpc;
using Spectre.Console;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Cli;

/// <summary>What the commands that look at a ring print, on a scripted one of 8 bits with successor lists of 2.</summary>
public sealed class RingCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ring", "surplus")]
    [InlineData("ring", "--peer", "nowhere")]
    [InlineData("peer", "one", "two")]
    [InlineData("fingers", "one", "two")]
    [InlineData("lookup")]
    [InlineData("lookup", "")]
    [InlineData("lookup", "a\tb")]
    [InlineData("lookup", "key", "--timeout", "0")]
    public void A_wrong_command_line_is_refused_in_one_line(params string[] args)
    {
        CommandRun run = CommandRun.Of(args);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("chord: ", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_ring_is_shown_in_order()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        ring.Store("key", new byte[1234]);
        CommandRun run = await ring.RunAsync("ring");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """
             id  address          predecessor  successors     arc  objects    bytes  kind  state
             50  127.0.0.1:p0050          250  150 250     21.9 %        1  1.23 kB  peer  member
            150  127.0.0.1:p0150           50  250 50      39.1 %        1  1.23 kB  peer  member
            250  127.0.0.1:p0250          150  50 150      39.1 %        1  1.23 kB  peer  member

            3 peers on 8 bits, successor lists of 2: ideal

            """.ReplaceLineEndings("\n"),
            ring.Settled(run.Out));
    }

    [Theory]
    [InlineData(90, "id address predecessor successors arc objects bytes kind state")]
    [InlineData(80, "id address predecessor successor arc objects bytes state")]
    [InlineData(60, "id address successor arc objects state")]
    [InlineData(40, "id address objects state")]
    public async Task A_narrow_screen_has_fewer_columns_and_no_broken_lines(int width, string columns)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using ChordClient client = ring.ClientOf(0);
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        console.Write(RingTable.Of(await client.ReadRingAsync(Cancellation), width, most: 2));
        string[] lines = text.ToString().TrimEnd().Split('\n');
        Assert.Equal(columns, string.Join(' ', lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task What_is_wrong_with_a_ring_is_told_and_where()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        ring.Peers[1].IsDead = true;
        CommandRun run = await ring.RunAsync("ring", "--check");
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Error));
        string text = ring.Settled(run.Out);
        Assert.Contains("150  127.0.0.1:p0150            -  -                -        -        -  peer  silent\n", text, StringComparison.Ordinal);
        Assert.Contains("2 peers on 8 bits, successor lists of 2: valid, not ideal\n", text, StringComparison.Ordinal);
        Assert.Contains("! 150 at 127.0.0.1:p0150, named by 50 250: no answer", text, StringComparison.Ordinal);
        Assert.Contains("! 50 has successors 150 250, not 250.\n", text, StringComparison.Ordinal);
        JsonElement json = JsonShape.Read("ring", (await ring.RunAsync("ring", "--json")).Out);
        Assert.Equal((true, false), (json.GetProperty("valid").GetBoolean(), json.GetProperty("ideal").GetBoolean()));
        Assert.Equal("silent", json.GetProperty("peers")[1].GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("peers")[1].GetProperty("arcShare").ValueKind);
    }

    [Fact]
    public async Task Two_rings_are_no_valid_ring()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 10, 60, 110, 160);
        // Each knows only the one opposite, and a finger leads from one pair to the other.
        for (int i = 0; i < 4; i++)
        {
            Wire.Peer opposite = WireMapping.ToWire(ring.Peers[(i + 2) % 4].Self);
            Wire.Peer next = WireMapping.ToWire(ring.Peers[(i + 1) % 4].Self);
            ring.Peers[i].Describing = reply =>
            {
                reply.Successors.Clear();
                reply.Successors.Add(opposite);
                reply.Predecessor = opposite;
                reply.Fingers.Add(new Wire.FingerRun { First = 0, Last = 1, Peer = next });
            };
        }
        CommandRun run = await ring.RunAsync("ring");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("4 peers on 8 bits, successor lists of 2: not valid", run.Out, StringComparison.Ordinal);
        Assert.Contains("! 60 is on another ring than 10.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_is_given_as_JSON()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        CommandRun run = await ring.RunAsync("ring", "--json");
        JsonElement json = JsonShape.Read("ring", run.Out);
        Assert.Equal((8, true, true), (json.GetProperty("bits").GetInt32(), json.GetProperty("valid").GetBoolean(), json.GetProperty("ideal").GetBoolean()));
        Assert.Equal(
            """{"id":"32","address":"127.0.0.1:p0050","kind":"peer","predecessor":"fa","successors":["96","fa"],"arcShare":0.21875,"objects":0,"bytes":0,"state":"member"}""",
            ring.Settled(JsonSerializer.Serialize(json.GetProperty("peers")[0])));
    }

    [Fact]
    public async Task A_peer_of_the_seeds_contract_is_asked_in_its_own_words_and_shown_as_such()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        await using ScriptedSeed seed = await ScriptedSeed.StartAsync(ring, 100, Cancellation);
        await using ScriptedSeed other = await ScriptedSeed.StartAsync(ring, 120, Cancellation);
        string text = ring.Settled((await ring.RunAsync("ring")).Out);
        Assert.Contains("100  127.0.0.1:p0100           50  120         19.5 %        -        -  seed  member\n", text, StringComparison.Ordinal);
        Assert.Contains("4 peers on 8 bits, successor lists of 2: ideal\n", text, StringComparison.Ordinal);
        JsonElement json = JsonShape.Read("ring", (await ring.RunAsync("ring", "--json")).Out);
        JsonElement shown = json.GetProperty("peers")[1];
        Assert.Equal(("seed", JsonValueKind.Null), (shown.GetProperty("kind").GetString(), shown.GetProperty("bytes").ValueKind));
        Assert.Contains("0-4   101   120  127.0.0.1:p0120\n", ring.Settled((await ring.RunAsync("fingers", "100")).Out), StringComparison.Ordinal);
        CommandRun through = await Task.Run(() => CommandRun.Of("ring", "--peer", seed.Self.Address), Cancellation);
        Assert.Equal((ExitCode.Failed, ""), (through.ExitCode, through.Out));
        Assert.Contains("does not speak this ring's contract", through.Error, StringComparison.Ordinal);
        Assert.Equal("seed", JsonShape.Read("peer", (await ring.RunAsync("peer", seed.Self.Address, "--json")).Out).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_silent_peer_of_the_seeds_contract_does_not_hold_up_the_others()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        await using ScriptedSeed seed = await ScriptedSeed.StartAsync(ring, 100, Cancellation);
        seed.IsSilent = true;
        JsonElement json = JsonShape.Read("ring", (await ring.RunAsync("ring", "--json")).Out);
        Assert.Equal(["member", "silent", "member"], json.GetProperty("peers").EnumerateArray().Select(peer => peer.GetProperty("state").GetString()));
        Assert.False(json.GetProperty("ideal").GetBoolean());
    }

    [Fact]
    public async Task A_peer_alone_owns_the_whole_circle()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        Assert.Contains("1 peer on 8 bits, successor lists of 2: ideal", (await ring.RunAsync("ring")).Out, StringComparison.Ordinal);
        JsonElement json = JsonShape.Read("peer", (await ring.RunAsync("peer", "--json")).Out);
        Assert.Equal((1, JsonValueKind.Null), (json.GetProperty("arcShare").GetDouble(), json.GetProperty("predecessor").ValueKind));
    }

    [Fact]
    public async Task A_peer_tells_of_itself_whether_named_by_address_or_by_identifier()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        string told = ring.Settled((await ring.RunAsync("peer", ring.Peers[1].Address)).Out);
        Assert.Equal(
            """
            id            96
            address       127.0.0.1:p0150
            kind          peer
            state         member
            predecessor   127.0.0.1:p0050 (50)
            successors    127.0.0.1:p0250 (250), 127.0.0.1:p0050 (50)
            arc           39.1 %
            ring          8 bits, successor lists of 2, too small yet to outlast failures
            objects       0 held, 0 bytes; 0 on its own arc, deletions counted
            copies        all there
            process       4711

            """.ReplaceLineEndings("\n"),
            told);
        foreach (string name in (string[])["150", "96", "0x96", "9"])
            Assert.Equal(told, ring.Settled((await ring.RunAsync("peer", name)).Out));
        JsonElement json = JsonShape.Read("peer", (await ring.RunAsync("peer", "150", "--json")).Out);
        Assert.Equal(("96", 4711), (json.GetProperty("id").GetString(), json.GetProperty("processId").GetInt32()));
    }

    [Fact]
    public async Task A_peer_that_is_not_there_a_silent_one_and_an_unclear_one_are_told_apart()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 0x51, 0x52, 0xf0);
        foreach (string command in (string[])["peer", "fingers"])
        {
            CommandRun missing = await ring.RunAsync(command, "77");
            Assert.Equal(new CommandRun(ExitCode.NotFound, "", $"chord: the ring has no peer '77'. 'chord ring' lists those that there are.{Environment.NewLine}"), missing);
            CommandRun unclear = await ring.RunAsync(command, "5");
            Assert.Equal((ExitCode.Usage, ""), (unclear.ExitCode, unclear.Out));
            Assert.Contains("names 2 peers", unclear.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Unreachable, (await ring.RunAsync(command, "127.0.0.1:1")).ExitCode);
        }
        ring.Peers[2].IsDead = true;
        CommandRun silent = await ring.RunAsync("peer", "f0");
        Assert.Equal((ExitCode.Unreachable, ""), (silent.ExitCode, silent.Out));
        Assert.Contains("cannot be asked", silent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finger_table_is_printed_with_its_gaps()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        ring.Peers[0].Describing = reply =>
        {
            reply.Fingers.Add(new Wire.FingerRun { First = 0, Last = 5, Peer = WireMapping.ToWire(ring.Peers[1].Self) });
            reply.Fingers.Add(new Wire.FingerRun { First = 7, Last = 7, Peer = WireMapping.ToWire(ring.Peers[2].Self) });
        };
        CommandRun run = await ring.RunAsync("fingers");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """
            50 at 127.0.0.1:p0050, 8 fingers

            finger  from  peer  address
               0-5    51   150  127.0.0.1:p0150
                 6   114     -  itself, or not known yet
                 7   178   250  127.0.0.1:p0250

            """.ReplaceLineEndings("\n"),
            ring.Settled(run.Out));
        JsonElement json = JsonShape.Read("fingers", (await ring.RunAsync("fingers", "--json")).Out);
        Assert.Equal(("33", "b2"), (json.GetProperty("fingers")[0].GetProperty("start").GetString(), json.GetProperty("fingers")[1].GetProperty("start").GetString()));
    }
}
