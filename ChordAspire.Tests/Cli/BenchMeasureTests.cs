using System.Text.Json;
using ChordAspire.Cli.Bench;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.Cli;

/// <summary>What <c>chord bench</c> makes of requests that take known times.</summary>
public sealed class BenchMeasureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Percentiles_are_those_of_the_known_latencies()
    {
        var tally = new BenchTally(TimeSpan.Zero, TimeSpan.FromSeconds(10));
        for (int milliseconds = 1; milliseconds <= 1000; milliseconds++)
            tally.Done(TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds), milliseconds % 2 == 0 ? 1 : 3);
        JsonElement json = Report(tally, clients: 8, rate: null);
        JsonElement latencies = json.GetProperty("milliseconds");
        // Three digits are kept.
        foreach ((string name, double expected) in (IEnumerable<(string, double)>)[("mean", 500.5), ("p50", 500), ("p90", 900), ("p99", 990), ("p99.9", 999), ("max", 1000)])
            Assert.InRange(latencies.GetProperty(name).GetDouble(), expected * 0.999, expected * 1.001);
        Assert.Equal((1000, 100), (json.GetProperty("requests").GetInt64(), json.GetProperty("perSecond").GetDouble()));
        Assert.Equal((2, 1, 3), (Hops("mean"), Hops("p50"), Hops("max")));

        double Hops(string name) => json.GetProperty("hops").GetProperty(name).GetDouble();
    }

    [Fact]
    public void Answers_a_second_are_those_that_come_within_the_measured_time_whenever_they_were_asked_for()
    {
        var tally = new BenchTally(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        Done(begun: 0, ended: 0.9);
        Done(begun: 0.5, ended: 1);
        Done(begun: 1, ended: 2.9);
        Done(begun: 2.9, ended: 3);
        Done(begun: 2.9, ended: 60);
        Done(begun: 3, ended: 3.1);
        JsonElement json = Report(tally, clients: 8, rate: null);
        Assert.Equal((2, 3, 1), (json.GetProperty("seconds").GetDouble(), json.GetProperty("requests").GetInt64(), json.GetProperty("perSecond").GetDouble()));

        void Done(double begun, double ended) => tally.Done(TimeSpan.FromSeconds(begun), TimeSpan.FromSeconds(ended), hops: null);
    }

    [Fact]
    public async Task A_client_whose_requests_take_a_tenth_of_a_second_is_answered_ten_times_a_second()
    {
        var clock = new FakeTimeProvider();
        BenchLoad load = await ClosedAsync(clock, takes: TimeSpan.FromMilliseconds(100), warmUp: 1, duration: 4);
        JsonElement json = Report(load.Tally, clients: 1, rate: null);
        Assert.Equal((40, 10), (json.GetProperty("requests").GetInt64(), json.GetProperty("perSecond").GetDouble()));
        Assert.Equal(100, json.GetProperty("milliseconds").GetProperty("p50").GetDouble(), 0.1);
    }

    [Fact]
    public async Task A_request_that_ends_long_after_the_measured_time_is_no_answer_a_second()
    {
        BenchLoad load = await ClosedAsync(new FakeTimeProvider(), takes: TimeSpan.FromSeconds(30), warmUp: 0, duration: 1);
        JsonElement json = Report(load.Tally, clients: 1, rate: null);
        Assert.Equal((1, 0), (json.GetProperty("requests").GetInt64(), json.GetProperty("perSecond").GetDouble()));
        Assert.Equal(30_000, json.GetProperty("milliseconds").GetProperty("max").GetDouble(), 30.0);
    }

    [Fact]
    public async Task Where_the_warm_up_takes_all_the_time_the_report_says_so()
    {
        BenchLoad load = await ClosedAsync(new FakeTimeProvider(), takes: TimeSpan.FromSeconds(30), warmUp: 1, duration: 2);
        Assert.Equal(
            "nothing was measured: what began in the warm-up took until the 2 s after it were over, so that no request began in them; take a longer --duration.",
            new BenchReport("lookup", 1, null, null, load.Tally).WhyNothing);
        var clock = new JumpingClock();
        load = new BenchLoad(Instant(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), clock);
        await load.RunOpenAsync(0.1, Cancellation);
        Assert.StartsWith("nothing was measured: at 0.1 a second no request is to begin", new BenchReport("lookup", null, 0.1, null, load.Tally).WhyNothing);
    }

    [Fact]
    public async Task In_an_open_loop_a_ring_that_answers_late_does_not_keep_up_with_the_rate()
    {
        var clock = new JumpingClock();
        var answer = new TaskCompletionSource();
        int begun = 0;
        var load = new BenchLoad(new BenchOperation("lookup", async (_, _) =>
        {
            Interlocked.Increment(ref begun);
            await answer.Task;
            return null;
        }), TimeSpan.Zero, TimeSpan.FromSeconds(1), clock);
        Task running = load.RunOpenAsync(10, Cancellation);
        await Patience.UntilAsync("all requests are under way", () => Task.FromResult(Volatile.Read(ref begun) == 10), () => $"{begun}", Cancellation);
        clock.Advance(TimeSpan.FromSeconds(9.1));
        answer.SetResult();
        await running;
        JsonElement json = Report(load.Tally, clients: null, rate: 10);
        Assert.Equal((10, 0), (json.GetProperty("requests").GetInt64(), json.GetProperty("perSecond").GetDouble()));
        // All are answered at 10 s; the last one was to begin at 0.9 s, the first one at 0.
        JsonElement latencies = json.GetProperty("milliseconds");
        Assert.Equal(9550, latencies.GetProperty("mean").GetDouble(), 10.0);
        Assert.Equal(10_000, latencies.GetProperty("max").GetDouble(), 10.0);
    }

    private static async Task<BenchLoad> ClosedAsync(FakeTimeProvider clock, TimeSpan takes, double warmUp, double duration)
    {
        var load = new BenchLoad(new BenchOperation("lookup", (_, _) =>
        {
            clock.Advance(takes);
            return Task.FromResult<int?>(1);
        }), TimeSpan.FromSeconds(warmUp), TimeSpan.FromSeconds(duration), clock);
        await load.RunClosedAsync(clients: 1, Cancellation);
        return load;
    }

    private static BenchOperation Instant() => new("lookup", static (_, _) => Task.FromResult<int?>(1));

    private static JsonElement Report(BenchTally tally, int? clients, double? rate) => JsonShape.Read("bench", new BenchReport("lookup", clients, rate, null, tally).ToJson());

    /// <summary>Whoever waits for a moment finds that it has come.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Advance(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
