using System.Text.Json;
using ChordAspire.Cli;
using ChordAspire.Rpc;
using ChordAspire.Tests.Rpc;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Cli;

public sealed class BenchCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bench")]
    [InlineData("bench", "rm")]
    [InlineData("bench", "lookup", "--clients", "0")]
    [InlineData("bench", "lookup", "--rate", "0")]
    [InlineData("bench", "lookup", "--duration", "0")]
    [InlineData("bench", "lookup", "--rate", "5", "--clients", "5")]
    [InlineData("bench", "lookup", "--size", "5")]
    [InlineData("bench", "put", "--size", "-1")]
    public void A_wrong_command_line_is_refused_in_one_line(params string[] args)
    {
        CommandRun run = CommandRun.Of(args);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("chord: ", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Lookups_are_measured_with_their_hops()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Looking = request => new Wire.LookupReply
        {
            Id = WireMapping.ToWire(ring.Peers[0].Self.Id),
            Owner = WireMapping.ToWire(ring.Peers[0].Self),
            Bits = ScriptedRing.Bits,
            Hops = 3,
        };
        JsonElement json = JsonShape.Read("bench", (await ring.RunAsync("bench", "lookup", "--clients", "2", "--duration", "2", "--warm-up", "0.1", "--json")).Out);
        Assert.Equal(("lookup", "closed", 2), (json.GetProperty("operation").GetString(), json.GetProperty("loop").GetString(), json.GetProperty("clients").GetInt32()));
        Assert.True(json.GetProperty("requests").GetInt64() > 0);
        Assert.Equal((3, 3), (json.GetProperty("hops").GetProperty("mean").GetDouble(), json.GetProperty("hops").GetProperty("max").GetDouble()));
        CommandRun text = await ring.RunAsync("bench", "lookup", "--duration", "0.2", "--warm-up", "0");
        Assert.Equal((ExitCode.Done, ""), (text.ExitCode, text.Error));
        Assert.Matches(@"^lookup: 8 clients, closed loop\r?\nrequests  [\d,]+ begun in 0\.2 s and answered; [\d,.]+ answers a second\r?\nerrors    none\r?\nlatency   mean [\d.]+ ms, p50 [\d.]+ ms, p90 .* p99.9 .* max [\d.]+ ms\r?\nhops      mean 3, p50 3, p90 3, p99 3, p99.9 3, max 3\r?\n$", text.Out);
    }

    [Theory]
    [InlineData("put")]
    [InlineData("get")]
    public async Task Objects_are_stored_measured_and_deleted(string operation)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150);
        ring.Store("somebody else's", [1]);
        CommandRun run = await ring.RunAsync("bench", operation, "--duration", "0.5", "--warm-up", "0", "--size", "100", "--keys", "5", "--json");
        JsonElement json = JsonShape.Read("bench", run.Out);
        Assert.Equal((ExitCode.Done, 100), (run.ExitCode, json.GetProperty("size").GetInt32()));
        Assert.True(json.GetProperty("requests").GetInt64() > 0);
        Assert.False(json.TryGetProperty("hops", out _));
        Assert.Equal(["somebody else's"], ring.Objects.Keys);
    }

    [Fact]
    public async Task In_an_open_loop_a_ring_that_stalls_is_charged_for_all_that_had_to_wait()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        // Every request that comes in the first second waits for its end.
        var stall = Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation);
        ring.Peers[0].Before = (call, _) => call == "Lookup" ? stall : Task.CompletedTask;
        CommandRun run = await ring.RunAsync("bench", "lookup", "--rate", "100", "--duration", "1.5", "--warm-up", "0", "--json");
        JsonElement json = JsonShape.Read("bench", run.Out);
        Assert.Equal(("open", 100, 150), (json.GetProperty("loop").GetString(), json.GetProperty("rate").GetDouble(), json.GetProperty("requests").GetInt64()));
        // Two thirds of the time were the stall: a closed loop would have seen it in a few requests only.
        Assert.True(json.GetProperty("milliseconds").GetProperty("p50").GetDouble() > 100, run.Out);
    }

    [Fact]
    public async Task Errors_are_counted_by_reason_and_fail()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Looking = _ => throw ScriptedRing.Refuse(Refusal.Exhausted, "enough");
        CommandRun run = await ring.RunAsync("bench", "lookup", "--duration", "0.2", "--warm-up", "0", "--json");
        JsonElement json = JsonShape.Read("bench", run.Out);
        Assert.Equal((ExitCode.Failed, 0), (run.ExitCode, json.GetProperty("requests").GetInt64()));
        Assert.True(json.GetProperty("errors").GetProperty("Exhausted").GetInt64() > 0);
        Assert.Matches(@"errors    [\d,]+: [\d,]+ Exhausted", (await ring.RunAsync("bench", "lookup", "--duration", "0.2", "--warm-up", "0")).Out);
    }

    [Theory]
    [InlineData("put")]
    [InlineData("get")]
    public async Task An_object_that_cannot_be_deleted_is_told_of_and_takes_neither_the_report_nor_the_others_with_it(string operation)
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        int deletions = 0;
        ring.Peers[0].Before = (call, _) =>
            call == "Delete" && Interlocked.Increment(ref deletions) == 1 ? throw ScriptedRing.Refuse(Refusal.NotAllowed) : Task.CompletedTask;
        CommandRun run = await ring.RunAsync("bench", operation, "--duration", "0.5", "--warm-up", "0", "--keys", "5", "--json");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.True(JsonShape.Read("bench", run.Out).GetProperty("requests").GetInt64() > 0);
        Assert.Matches(@"^chord: 1 object below bench/[\d-]+/ could not be deleted: 'chord ls bench/[\d-]+/' lists them, 'chord rm KEY' deletes one\.\r?\n$", run.Error);
        Assert.Single(ring.Objects);
    }

    [Fact]
    public async Task A_ring_that_no_longer_answers_does_not_keep_the_deletion_longer_than_the_timeout()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Before = (call, context) => call == "Delete" ? ScriptedObjects.StaySilentAsync(context) : Task.CompletedTask;
        long begun = TimeProvider.System.GetTimestamp();
        // One after the other in sixteens, each with its own second, they would take a minute and more.
        CommandRun run = await ring.RunAsync("bench", "get", "--duration", "0.2", "--warm-up", "0", "--keys", "1000", "--timeout", "1", "--json");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("chord: 1,000 objects below bench/", run.Error, StringComparison.Ordinal);
        JsonShape.Read("bench", run.Out);
        Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(40), run.Error);
    }

    [Fact]
    public async Task A_bench_that_measured_nothing_fails_and_says_why()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50);
        ring.Peers[0].Before = (call, _) => call == "Lookup" ? Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation) : Task.CompletedTask;
        CommandRun run = await ring.RunAsync("bench", "lookup", "--duration", "0.1", "--warm-up", "0.1", "--json");
        Assert.Equal((ExitCode.Failed, 0), (run.ExitCode, JsonShape.Read("bench", run.Out).GetProperty("requests").GetInt64()));
        Assert.StartsWith("chord: nothing was measured: ", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
