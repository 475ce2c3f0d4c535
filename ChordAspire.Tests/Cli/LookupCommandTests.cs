using System.Text.Json;
using ChordAspire.Cli;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Tests.Rpc;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Cli;

public sealed class LookupCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lookup_is_shown_hop_by_hop()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        const string Key = "hello";
        ring.Peers[0].Looking = request => new Wire.LookupReply
        {
            Id = ByteOf(210),
            Bits = ScriptedRing.Bits,
            Owner = WireMapping.ToWire(ring.Peers[2].Self),
            Hops = 3,
            HopsToPredecessor = 2,
            Unanswered = 1,
            Path =
            {
                new Wire.LookupHop { Peer = new Wire.Peer { Id = ByteOf(200), Address = "127.0.0.1:1" }, Milliseconds = 400.2 },
                new Wire.LookupHop { Peer = WireMapping.ToWire(ring.Peers[1].Self), Answered = true, Milliseconds = 1.25 },
                new Wire.LookupHop { Peer = WireMapping.ToWire(ring.Peers[2].Self), Answered = true, Milliseconds = 0.75 },
            },
        };
        CommandRun run = await ring.RunAsync("lookup", Key);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """
            hello is at d2

            hop  peer  address          distance left                 time
              1   200  127.0.0.1:1              3.9 %  no answer in 400 ms
              2   150  127.0.0.1:p0150         23.4 %               1.3 ms
              3   250  127.0.0.1:p0250          owner               0.8 ms

            owner 127.0.0.1:p0250 (250), 3 hops, 402.2 ms, 1 without an answer

            """.ReplaceLineEndings("\n"),
            ring.Settled(run.Out));
        JsonElement json = JsonShape.Read("lookup", (await ring.RunAsync("lookup", Key, "--json")).Out);
        Assert.Equal(("hello", "d2", 3), (json.GetProperty("key").GetString(), json.GetProperty("id").GetString(), json.GetProperty("hops").GetInt32()));
        Assert.Equal("""{"id":"96","address":"127.0.0.1:p0150","milliseconds":1.25}""", ring.Settled(JsonSerializer.Serialize(json.GetProperty("path")[1])));
        Assert.False(json.GetProperty("path")[0].GetProperty("answered").GetBoolean());
    }

    [Fact]
    public async Task A_key_of_the_asked_peer_itself_needs_no_hop()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        Assert.EndsWith($"(50), the asked peer itself: 0 hops{Environment.NewLine}", (await ring.RunAsync("lookup", "hello")).Out);
        Assert.Empty(JsonShape.Read("lookup", (await ring.RunAsync("lookup", "hello", "--json")).Out).GetProperty("path").EnumerateArray());
    }

    [Fact]
    public async Task Where_the_owner_holds_no_objects_who_does_is_told()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        ring.Peers[0].Looking = request => new Wire.LookupReply
        {
            Id = ByteOf(40),
            Bits = ScriptedRing.Bits,
            Owner = WireMapping.ToWire(ring.Peers[0].Self),
            Holder = WireMapping.ToWire(ring.Peers[1].Self),
        };
        Assert.Contains($"objects there are held by {ring.Peers[1].Address} (150)", (await ring.RunAsync("lookup", "hello")).Out, StringComparison.Ordinal);
        JsonElement json = JsonShape.Read("lookup", (await ring.RunAsync("lookup", "hello", "--json")).Out);
        Assert.Equal("96", json.GetProperty("holder").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_ring_that_cannot_serve_just_now_is_unreachable_and_one_that_refuses_fails()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Looking = _ => throw ScriptedRing.Refuse(Refusal.Unavailable, "no way there");
        CommandRun run = await ring.RunAsync("lookup", "hello");
        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Out));
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        ring.Peers[0].Looking = _ => throw ScriptedRing.Refuse(Refusal.Exhausted, "too many hops");
        Assert.Equal(ExitCode.Failed, (await ring.RunAsync("lookup", "hello")).ExitCode);
    }

    [Fact]
    public async Task A_ring_that_is_still_changing_is_unreachable()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Looking = _ => throw ScriptedRing.Refuse(Refusal.NotOwner, "somebody else owns it by now.");
        Assert.Equal(
            new CommandRun(
                ExitCode.Unreachable,
                "",
                $"chord: {ring.Peers[0].Address}: somebody else owns it by now. Try again, wait longer with --timeout, or ask another peer with --peer. (NotOwner){Environment.NewLine}"),
            await ring.RunAsync("lookup", "hello"));
        CommandRun stat = await ring.RunAsync("stat", "hello", "--timeout", "2");
        Assert.Equal((ExitCode.Unreachable, ""), (stat.ExitCode, stat.Out));
        Assert.Contains("Gave up after 2 s. Try again", stat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_peer_that_falls_silent_it_is_told_who_it_is_and_how_long_it_was_waited_for()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        string address = ring.Peers[0].Address;
        ring.Peers[0].Before = (call, context) => call == "Lookup" ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        var silent = new CommandRun(
            ExitCode.Unreachable, "", $"chord: {address} did not answer within 2 s. Try again, wait longer with --timeout, or ask another peer with --peer. (Unavailable){Environment.NewLine}");
        Assert.Equal(silent, await ring.RunAsync("lookup", "hello", "--timeout", "2"));
        int described = 0;
        ring.Peers[0].Before = (_, context) => ++described > 1 ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        Assert.Equal(silent, await ring.RunAsync("ring", "--timeout", "2"));
        CommandRun never = await ring.RunAsync("ring", "--timeout", "0.1");
        Assert.Equal((ExitCode.Unreachable, ""), (never.ExitCode, never.Out));
        Assert.StartsWith($"chord: no peer answers at {address}. Start a ring with", never.Error);
        Assert.EndsWith($" ({address} did not answer within 0.1 s.){Environment.NewLine}", never.Error);
    }

    [Fact]
    public async Task In_a_pipe_a_line_is_as_long_as_it_is()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        string key = string.Concat(Enumerable.Repeat("a key of words ", 60));
        ring.Peers[0].Describing = reply => WireMapping.AddTo(
            reply.Successors, [.. Enumerable.Range(100, 30).Select(place => new PeerRef(Identifier.FromUInt64(ScriptedRing.Bits, (ulong)place), "127.0.0.1:1"))]);
        Assert.StartsWith($"{key} is at ", (await ring.RunAsync("lookup", key)).Out);
        string row = Assert.Single((await ring.RunAsync("ring")).Out.Split('\n'), line => line.Contains(ring.Peers[0].Address, StringComparison.Ordinal) && !line.StartsWith('!'));
        Assert.Contains("100 101 102 ", row, StringComparison.Ordinal);
        Assert.Contains(" 127 128 129 ", row, StringComparison.Ordinal);
        row = Assert.Single((await ring.RunAsync("peer")).Out.Split('\n'), line => line.StartsWith("successors", StringComparison.Ordinal));
        Assert.EndsWith("127.0.0.1:1 (129)", row.TrimEnd());
    }

    [Fact]
    public async Task An_answer_that_cannot_be_is_told_as_such()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        string address = ring.Peers[0].Address;
        ring.Peers[0].Looking = _ => new Wire.LookupReply
        {
            Id = ByteOf(40),
            Bits = ScriptedRing.Bits,
            Owner = WireMapping.ToWire(ring.Peers[0].Self),
            Path = { new Wire.LookupHop { Peer = WireMapping.ToWire(ring.Peers[0].Self), Milliseconds = double.NaN } },
        };
        CommandRun lookup = await ring.RunAsync("lookup", "hello");
        Assert.Equal((ExitCode.Unreachable, ""), (lookup.ExitCode, lookup.Out));
        Assert.StartsWith($"chord: {address} answered badly: Field 'path.milliseconds' is NaN; 0 to 86400000 are allowed. ", lookup.Error);
        ring.Peers[0].Describing = reply => reply.Fingers.Add(new Wire.FingerRun { First = 3, Last = 400, Peer = WireMapping.ToWire(ring.Peers[0].Self) });
        CommandRun fingers = await ring.RunAsync("fingers");
        Assert.Equal((ExitCode.Unreachable, ""), (fingers.ExitCode, fingers.Out));
        Assert.StartsWith($"chord: {address} answered badly: Field 'fingers' has the run 3 to 400; ", fingers.Error);
        Assert.Single(fingers.Error.TrimEnd().Split('\n'));
    }

    private static Google.Protobuf.ByteString ByteOf(byte place) => Google.Protobuf.ByteString.CopyFrom(place);
}
