using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Orchestration;

public class ConsoleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_reader_sees_what_was_written_and_then_what_is_written()
    {
        using var consoles = new ResourceLoggerService();
        ResourceConsole console = consoles.Console("peer-0");
        console.Write("first", isError: false);
        await using IAsyncEnumerator<IReadOnlyList<LogLine>> reader = consoles.WatchAsync("peer-0").GetAsyncEnumerator(Cancel);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(new LogLine(1, "first", false), Assert.Single(reader.Current));
        console.Write("second", isError: true);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(new LogLine(2, "second", true), Assert.Single(reader.Current));
    }

    [Fact]
    public async Task Old_lines_go_and_numbers_stay()
    {
        using var consoles = new ResourceLoggerService();
        for (int i = 1; i <= ResourceConsole.LinesMax + 5; i++)
            consoles.Console("peer-0").Write($"{i}", isError: false);
        var lines = new List<LogLine>();
        await foreach (IReadOnlyList<LogLine> batch in consoles.GetAllAsync("peer-0").WithCancellation(Cancel))
            lines.AddRange(batch);
        Assert.Equal(ResourceConsole.LinesMax, lines.Count);
        Assert.Equal(6, lines[0].LineNumber);
    }

    [Fact]
    public async Task The_end_of_the_application_ends_the_reading()
    {
        var consoles = new ResourceLoggerService();
        await using IAsyncEnumerator<IReadOnlyList<LogLine>> reader = consoles.WatchAsync("peer-0").GetAsyncEnumerator(Cancel);
        ValueTask<bool> more = reader.MoveNextAsync();
        consoles.Dispose();
        Assert.False(await more);
    }

    [Fact]
    public async Task What_the_host_says_stands_there_too_with_its_time()
    {
        using var consoles = new ResourceLoggerService();
        consoles.GetLogger("peer-0").LogError("It does not start.");
        await foreach (IReadOnlyList<LogLine> batch in consoles.GetAllAsync("peer-0").WithCancellation(Cancel))
        {
            LogLine line = Assert.Single(batch);
            Assert.True(line.IsErrorMessage);
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z It does not start\.$", line.Content);
        }
    }

    [Theory]
    [InlineData(false, "00:00Z a\tb\tc\td\te", "00:00Z a\tb\tc\td\te")]
    [InlineData(true, "00:00Z\tinfo\tReconciler\tStarting\t{\"Cmd\":\"x\",\"Args\":[\"a\"],\"Id\":7}", "00:00Z [sys] Starting: Cmd = x, Args = [\"a\"]")]
    [InlineData(true, "00:00Z\terror\tReconciler\tFailed\t{\"error\":\"no\"}", "00:00Z [sys] Failed: Error = no")]
    [InlineData(true, "00:00Z\tinfo\tReconciler\tStarting\t{\"Id\":7}", "00:00Z [sys] Starting")]
    [InlineData(true, "00:00Z\tinfo\tReconciler\tStarting\tno JSON", "00:00Z [sys] Starting: no JSON")]
    [InlineData(true, "something else", "something else")]
    public void Lines_of_the_orchestrator_are_marked_and_shortened(bool isItsOwn, string line, string expected) =>
        Assert.Equal(expected, DcpLogText.ForReaders(new DcpLogLine(isItsOwn ? DcpLogSource.System : DcpLogSource.StdOut, line)));

    [Theory]
    [InlineData("00:00Z\terror\tReconciler\tFailed\t{}", true)]
    [InlineData("00:00Z\tinfo\tReconciler\tStarting\t{}", false)]
    public void What_the_orchestrator_failed_to_do_is_an_error(string line, bool isError) =>
        Assert.Equal(isError, DcpLogText.IsError(new DcpLogLine(DcpLogSource.System, line)));
}
