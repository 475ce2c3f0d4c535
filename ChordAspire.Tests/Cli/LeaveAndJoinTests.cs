using System.Text.Json;
using ChordAspire.Cli;
using ChordAspire.Rpc;
using ChordAspire.Tests.Rpc;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Cli;

public sealed class LeaveAndJoinTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("leave")]
    [InlineData("leave", "--yes")]
    [InlineData("leave", "one", "two", "--yes")]
    [InlineData("leave", "one")]
    [InlineData("join", "somewhere")]
    [InlineData("join", "--port", "0")]
    [InlineData("join", "--port", "65536")]
    public void A_wrong_command_line_is_refused_in_one_line(params string[] args)
    {
        CommandRun run = CommandRun.Of(args);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("chord: ", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_leave_wants_to_be_told_that_it_is_meant()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        CommandRun run = await ring.RunAsync("leave", "150");
        Assert.Equal(new CommandRun(ExitCode.Usage, "", $"chord: leave asks before it acts, and here is nobody to ask: add --yes.{Environment.NewLine}"), run);
        Assert.DoesNotContain("Leave", ring.Peers[1].Calls);
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("YES", true)]
    [InlineData("n", false)]
    [InlineData("", false)]
    [InlineData("yesterday", false)]
    public async Task Leave_asks_and_does_nothing_without_a_yes(string answer, bool leaves)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        using var text = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(text, error, errorIsTerminal: true, readLine: new StringReader($"{answer}\n").ReadLine, inputIsTerminal: true);
        int exitCode = await Task.Run(() => ChordCommandLine.Run(["leave", "150", "-p", ring.Peers[0].Address], terminal, Cancellation), Cancellation);
        Assert.Equal(leaves ? ExitCode.Done : ExitCode.Failed, exitCode);
        Assert.Contains($"Shall {ring.Peers[1].Address} (150) leave the ring? [y/N]", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(leaves, ring.Peers[1].Calls.Contains("Leave"));
    }

    [Fact]
    public async Task Leave_is_done_when_the_peer_is_gone()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        CommandRun run = await ring.RunAsync("leave", ring.Peers[1].Address, "--yes", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Matches($@"^leave {ring.Peers[1].Address}: gone after \d+\.\d s\r?\n$", run.Error);
        Assert.Equal("96", JsonShape.Read("leave", run.Out).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_peer_that_may_not_be_told_from_here_says_what_to_do()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        ring.Peers[1].Before = (call, _) =>
            call == "Leave" ? throw ScriptedRing.Refuse(Refusal.NotAllowed, "set Chord:AllowRemoteLeave") : Task.CompletedTask;
        CommandRun run = await ring.RunAsync("leave", "150", "--yes");
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Contains("AllowRemoteLeave", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotFound, (await ring.RunAsync("leave", "77", "--yes")).ExitCode);
    }

    [Fact]
    public async Task A_peer_that_does_not_go_is_told_of_after_the_timeout()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        ring.Peers[1].IsUndying = true;
        CommandRun run = await ring.RunAsync("leave", "150", "--yes", "--timeout", "2");
        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Out));
        Assert.Contains("began to leave, and is not gone after 2 s", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_of_the_seeds_contract_cannot_be_told_over_the_wire()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        await using ScriptedSeed seed = await ScriptedSeed.StartAsync(ring, 100, Cancellation);
        CommandRun run = await ring.RunAsync("leave", "100", "--yes");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("leave from its own menu", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_to_join_is_a_command_that_divides_the_largest_arc()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 180);
        CommandRun run = await ring.RunAsync("join", "--port", "23001");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        // From 180 round to 50: the middle of 126 places is 243.
        Assert.Equal(
            """
            # Joins a ring of 3 peers, in the middle of its largest arc (49.2 % of the circle).
            # On another machine, set SOURCE_ADDRESS and Chord__BindAddress too; Storage__Copies, where the ring has it set.
            NODE_ID=0xf3 \
            TARGET_ADDRESS=127.0.0.1:p0050,127.0.0.1:p0150 \
            PORT=23001 \
            CHORD_ID_BITS=8 \
            Chord__SuccessorListLength=2 \
            dotnet run -c Release --project ChordAspire.Peer

            """.ReplaceLineEndings("\n"),
            ring.Settled(run.Out));
        JsonElement environment = JsonShape.Read("join", (await ring.RunAsync("join", "--json")).Out).GetProperty("environment");
        Assert.Equal("0xf3", environment.GetProperty("NODE_ID").GetString());
        Assert.DoesNotContain(ring.Peers, peer => peer.Address.EndsWith($":{environment.GetProperty("PORT").GetString()}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ring_of_one_is_divided_in_halves()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 200);
        Assert.Contains("NODE_ID=0x48 \\", (await ring.RunAsync("join")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--port", "23001")]
    public async Task A_peer_that_is_in_no_ring_yet_cannot_be_joined(params string[] options)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Describing = reply => reply.Phase = Wire.Phase.Joining;
        CommandRun run = await ring.RunAsync(["join", .. options]);
        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Out));
        Assert.Equal($"chord: {ring.Peers[0].Address} is in no ring that could be joined, or not yet: try again when it is a member. (NotMember){Environment.NewLine}", run.Error);
    }
}
