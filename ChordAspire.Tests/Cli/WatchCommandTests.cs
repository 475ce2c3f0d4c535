using ChordAspire.Cli;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

/// <summary><c>chord watch</c> in a pipe.</summary>
public sealed class WatchCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--duration", "-1")]
    public void A_wrong_command_line_is_refused_in_one_line(params string[] args)
    {
        CommandRun run = CommandRun.Of(["watch", .. args]);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_quiet_ring_is_told_once()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        CommandRun run = await ring.RunAsync("watch", "--interval", "0.1", "--duration", "0.6");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        string[] lines = ring.Settled(run.Out).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.EndsWith("  50 at 127.0.0.1:p0050 joined: peer, member", lines[0]);
        Assert.EndsWith("  ring: 2 peers, ideal", lines[2]);
    }

    [Fact]
    public async Task Each_change_is_a_line_and_the_watch_goes_on_when_the_asked_peer_is_gone()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var heard = new StringWriter();
        TextWriter text = TextWriter.Synchronized(heard);
        Task<int> watch = Task.Run(
            () => ChordCommandLine.Run(["watch", "--json", "--interval", "0.1", "--peer", ring.Peers[0].Address], new Terminal(text, TextWriter.Null), ended.Token), Cancellation);
        await HeardAsync("3 peers, ideal");
        ring.Peers[0].IsDead = true;
        await HeardAsync("silent, was member");
        await HeardAsync("2 peers, valid, not ideal");
        foreach (ScriptedObjects peer in ring.Peers)
            peer.IsDead = true;
        await HeardAsync("none of the peers known answers");
        foreach (ScriptedObjects peer in ring.Peers)
            peer.IsDead = false;
        await HeardAsync("answers again");
        await ended.CancelAsync();
        Assert.Equal(ExitCode.Done, await watch);
        Assert.All(heard.ToString().TrimEnd().Split('\n'), line => JsonShape.Read("watch", line));

        Task HeardAsync(string what) => Patience.UntilAsync(
            $"the watch says '{what}'", () => Task.FromResult(Heard().Contains(what, StringComparison.Ordinal)), Heard, Cancellation);

        string Heard()
        {
            lock (text)
                return heard.ToString();
        }
    }
}
