using System.Net;
using Aspire.Hosting.Dcp;
using static ChordAspire.Tests.Orchestration.ScriptedDcp;

namespace ChordAspire.Tests.Orchestration;

public sealed class DcpWatchTests : IDisposable
{
    private readonly ShortWaitsPass _time = new();
    private readonly ScriptedDcp _dcp = new();
    private readonly DcpFolders _folders;
    private readonly DcpApi _api;
    private readonly DcpWatch _watch;

    public DcpWatchTests()
    {
        _folders = DcpFolders.Create(_time);
        _api = _dcp.Connect(_time);
        _watch = new DcpWatch(_api, new DcpExecutables(_api, _folders, _time), new DcpHealth(_folders), _time);
    }

    public void Dispose()
    {
        _api.Dispose();
        _folders.Dispose();
        _dcp.Dispose();
    }

    [Fact]
    public async Task What_is_there_is_added_and_what_happens_is_told()
    {
        _dcp.Answers(
            Event("ADDED", Executable("peer", "u1", "1")) +
            Event("MODIFIED", Executable("peer", "u1", "2")) +
            Event("DELETED", Executable("peer", "u1", "3")));

        Assert.Equal(["Added u1", "Modified u1", "Deleted u1"], await TakeAsync(3));
    }

    [Fact]
    public async Task After_a_break_nothing_is_told_twice_and_nothing_is_missed()
    {
        _dcp.Answers(Event("ADDED", Executable("stays", "u1", "1")) + Event("ADDED", Executable("goes", "u2", "2")))
            .BreaksOff()
            .Answers(HttpStatusCode.ServiceUnavailable)
            .Answers(Event("ADDED", Executable("stays", "u1", "1")) + Event("ADDED", Executable("comes", "u3", "5")))
            .Answers($$"""{"items":[{{Executable("stays", "u1", "1")}},{{Executable("comes", "u3", "5")}}]}""");

        Assert.Equal(["Added u1", "Added u2", "Deleted u2", "Added u3"], await TakeAsync(4));
    }

    [Fact]
    public async Task A_successor_of_the_same_name_is_another_executable()
    {
        _dcp.Answers(Event("ADDED", Executable("peer", "u1", "1")))
            .Answers(Event("ADDED", Executable("peer", "u2", "8")) + Event("DELETED", Executable("peer", "u1", "7")))
            .Answers($$"""{"items":[{{Executable("peer", "u2", "8")}}]}""");

        Assert.Equal(["Added u1", "Deleted u1", "Added u2"], await TakeAsync(3));
    }

    [Theory]
    [InlineData("""{"type":"ERROR","object":{"kind":"Status","message":"too old"}}""")]
    [InlineData("""{"type":"ADDED","obj""")]
    public async Task An_entry_that_tells_nothing_begins_the_watch_anew(string entry)
    {
        _dcp.Answers(entry + "\n")
            .Answers(Event("ADDED", Executable("peer", "u1", "1")))
            .Answers("""{"items":null}""");

        Assert.Equal(["Added u1"], await TakeAsync(1));
    }

    [Fact]
    public async Task Cancellation_ends_it_without_an_exception()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _dcp.Answers(Event("ADDED", Executable("peer", "u1", "1")));

        int told = 0;
        await foreach (DcpChange _ in _watch.RunAsync(stop.Token))
        {
            told++;
            await stop.CancelAsync();
        }

        Assert.Equal(1, told);
    }

    private async Task<List<string>> TakeAsync(int count)
    {
        var told = new List<string>();
        await foreach (DcpChange change in _watch.RunAsync(TestContext.Current.CancellationToken))
        {
            told.Add($"{change.Kind} {change.Executable.Metadata.Uid}");
            if (told.Count == count)
                break;
        }

        return told;
    }
}
