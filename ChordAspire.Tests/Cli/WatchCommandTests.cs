using System.Text.Json;
using ChordAspire.Cli;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Rpc;
using Grpc.Core;

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
    public async Task It_ends_when_its_time_is_up()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        CommandRun run = await ring.RunAsync("watch", "--interval", "0.1", "--duration", "0.3");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_quiet_ring_is_told_once()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        await using var watch = new Watch(ring);
        await watch.HearAsync("ring: 2 peers, ideal");
        int asked = ring.Peers[1].Calls.Count;
        await Patience.UntilAsync("it has looked some more times", () => Task.FromResult(ring.Peers[1].Calls.Count > asked + 4), () => watch.Heard, Cancellation);
        Assert.Equal(ExitCode.Done, await watch.EndAsync());
        string[] lines = ring.Settled(watch.Heard).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.EndsWith("  50 at 127.0.0.1:p0050 joined: peer, member", lines[0]);
        Assert.EndsWith("  ring: 2 peers, ideal", lines[2]);
    }

    [Fact]
    public async Task Objects_that_come_and_go_are_a_line_for_each_peer()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        ring.Store("there", new byte[10]);
        await using var watch = new Watch(ring, "--json");
        await watch.HearAsync("2 peers, ideal");
        for (int i = 0; i < 5; i++)
            ring.Store($"key {i}", new byte[100]);
        await watch.HearAsync("\"id\":\"96\",\"address\":\"" + ring.Peers[1].Address + "\",\"detail\":\"6 (510 bytes), were 1 (10 bytes)\",\"objects\":6,\"bytes\":510");
        ring.Objects.Clear();
        await Patience.UntilAsync("it has looked again", LooksAsync(ring.Peers[1].Calls.Count), () => watch.Heard, Cancellation);
        // What is new is told at the end, whether its time has come or not.
        Assert.Equal(ExitCode.Done, await watch.EndAsync());
        JsonElement[] lines = [.. watch.Heard.TrimEnd().Split('\n').Select(line => JsonShape.Read("watch", line))];
        Assert.Equal(1, lines[0].GetProperty("objects").GetInt32());
        JsonElement[] told = [.. lines.Where(line => line.GetProperty("event").GetString() == "objects")];
        Assert.Equal([6, 6, 0, 0], told.Select(line => line.GetProperty("objects").GetInt32()));

        Func<Task<bool>> LooksAsync(int before) => () => Task.FromResult(ring.Peers[1].Calls.Count > before + 4);
    }

    [Fact]
    public async Task Each_change_is_a_line_and_the_watch_goes_on_when_the_asked_peer_is_gone()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        await using var watch = new Watch(ring, "--json");
        await watch.HearAsync("3 peers, ideal");
        ring.Peers[0].IsDead = true;
        await watch.HearAsync("silent, was member");
        await watch.HearAsync("2 peers, valid, not ideal");
        foreach (ScriptedObjects peer in ring.Peers)
            peer.IsDead = true;
        await watch.HearAsync("none of the peers known answers");
        foreach (ScriptedObjects peer in ring.Peers)
            peer.IsDead = false;
        await watch.HearAsync("answers again");
        Assert.Equal(ExitCode.Done, await watch.EndAsync());
        Assert.All(watch.Heard.TrimEnd().Split('\n'), line => JsonShape.Read("watch", line));
    }

    [Fact]
    public async Task Peers_that_are_silent_are_waited_for_all_at_once()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 10, 40, 70, 100, 130, 160, 190, 220);
        await using var watch = new Watch(ring);
        await watch.HearAsync("8 peers, ideal");
        int waiting = 0;
        foreach (ScriptedObjects peer in ring.Peers)
            peer.Before = (_, context) => FallSilentAsync(context);
        await Patience.UntilAsync("all are waited for", () => Task.FromResult(Volatile.Read(ref waiting) == 8), () => $"{waiting} are", Cancellation);
        await watch.HearAsync("none of the peers known answers");
        foreach (ScriptedObjects peer in ring.Peers)
            peer.Before = static (_, _) => Task.CompletedTask;
        await watch.HearAsync("answers again");
        Assert.Equal(ExitCode.Done, await watch.EndAsync());

        async Task FallSilentAsync(ServerCallContext context)
        {
            Interlocked.Increment(ref waiting);
            try
            {
                await ScriptedObjects.StaySilentAsync(context);
            }
            finally
            {
                Interlocked.Decrement(ref waiting);
            }
        }
    }

    [Fact]
    public async Task Where_the_asked_peer_is_silent_the_one_that_answers_first_is_asked_from_then_on()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        await using var watch = new Watch(ring);
        await watch.HearAsync("3 peers, ideal");
        foreach (ScriptedObjects peer in ring.Peers.Take(2))
            peer.Before = static (_, context) => ScriptedObjects.StaySilentAsync(context);
        await watch.HearAsync("1 peer, ");
        Assert.Equal(ExitCode.Done, await watch.EndAsync());
        Assert.DoesNotContain("unreachable", watch.Heard, StringComparison.Ordinal);
    }

    /// <summary>A watch that is under way, and what it has said.</summary>
    private sealed class Watch : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        private readonly StringWriter _heard = new();
        private readonly TextWriter _text;
        private readonly Task<int> _run;

        public Watch(ScriptedRing ring, params string[] options)
        {
            _text = TextWriter.Synchronized(_heard);
            _run = Task.Run(() => ChordCommandLine.Run(["watch", "--interval", "0.1", "--peer", ring.Peers[0].Address, .. options], new Terminal(_text, TextWriter.Null), _ended.Token));
        }

        public string Heard
        {
            get
            {
                // It is what the writer locks as well.
                lock (_text)
                    return _heard.ToString();
            }
        }

        public async Task HearAsync(string what) => await Patience.UntilAsync(
            $"the watch says '{what}'", () => Task.FromResult(Heard.Contains(what, StringComparison.Ordinal)), () => Heard, Cancellation);

        public async Task<int> EndAsync()
        {
            await _ended.CancelAsync();
            return await _run;
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            _ended.Dispose();
            await _heard.DisposeAsync();
        }
    }
}
