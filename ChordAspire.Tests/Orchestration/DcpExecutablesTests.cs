using System.Net;
using Aspire.Hosting.Dcp;

namespace ChordAspire.Tests.Orchestration;

public sealed class DcpExecutablesTests : IDisposable
{
    private readonly ShortWaitsPass _time = new();
    private readonly ScriptedDcp _dcp = new();
    private readonly DcpFolders _folders;
    private readonly DcpApi _api;
    private readonly DcpExecutables _executables;

    public DcpExecutablesTests()
    {
        _folders = DcpFolders.Create(_time);
        _api = _dcp.Connect(_time);
        _executables = new DcpExecutables(_api, _folders, _time);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _api.Dispose();
        _folders.Dispose();
        _dcp.Dispose();
    }

    [Fact]
    public async Task Creating_waits_for_the_earlier_one_of_that_name_to_leave()
    {
        _dcp.Answers(HttpStatusCode.Conflict)
            .Answers(ScriptedDcp.Executable("peer", "old", "1", """,  "deletionTimestamp":"2026-01-01T00:00:00Z" """))
            .Answers(HttpStatusCode.Created);

        await CreateAsync();

        Assert.Equal(["POST", "GET", "POST"], _dcp.Questions.Select(question => question.Split(' ')[0]));
    }

    [Fact]
    public async Task A_name_in_use_is_refused_at_once()
    {
        _dcp.Answers(HttpStatusCode.Conflict, """{"message":"\"peer\" already exists"}""").Answers(ScriptedDcp.Executable("peer", "other", "1"));

        var refused = await Assert.ThrowsAsync<DcpException>(CreateAsync);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("already exists", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_one_that_is_not_there_is_no_mistake()
    {
        _dcp.Answers(HttpStatusCode.NotFound);

        await _executables.StopAsync("peer", Cancelled);

        Assert.Equal(["""PATCH /executables/peer {"spec":{"stop":true}}"""], _dcp.Questions);
    }

    [Fact]
    public async Task A_conflict_while_stopping_passes()
    {
        _dcp.Answers(HttpStatusCode.Conflict).BreaksOff().Answers("{}");

        await _executables.StopAsync("peer", Cancelled);

        Assert.Equal(3, _dcp.Questions.Count);
    }

    [Fact]
    public async Task Deleting_returns_when_it_is_gone()
    {
        _dcp.Answers(ScriptedDcp.Executable("peer", "u1", "1"))
            .Answers("{}")
            .Answers(ScriptedDcp.Executable("peer", "u1", "2"))
            .Answers(HttpStatusCode.NotFound);

        await _executables.DeleteAsync("peer", Cancelled);

        Assert.Equal(["GET", "DELETE", "GET", "GET"], _dcp.Questions.Select(question => question.Split(' ')[0]));
    }

    [Fact]
    public async Task Deleting_does_not_wait_for_a_successor_of_the_same_name()
    {
        _dcp.Answers(ScriptedDcp.Executable("peer", "u1", "1")).Answers("{}").Answers(ScriptedDcp.Executable("peer", "u2", "9"));

        await _executables.DeleteAsync("peer", Cancelled);

        Assert.Equal(3, _dcp.Questions.Count);
    }

    [Fact]
    public async Task One_that_never_goes_is_reported_with_its_state()
    {
        _dcp.Answers(ScriptedDcp.Executable("peer", "u1", "1")).Answers("{}");
        for (int i = 0; i < 300; i++)
            _dcp.Answers(ScriptedDcp.Executable("peer", "u1", "1"));

        var refused = await Assert.ThrowsAsync<DcpException>(() => _executables.DeleteAsync("peer", Cancelled));

        Assert.Contains("after 60 s", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_DCP_that_has_ended_is_not_asked_twice()
    {
        Directory.Delete(_folders.Session);
        _dcp.BreaksOff().Answers("{}");

        await Assert.ThrowsAsync<DcpException>(() => _executables.StopAsync("peer", Cancelled));

        Assert.Single(_dcp.Questions);
    }

    private Task CreateAsync() => _executables.CreateAsync(
        new DcpExecutable { Metadata = new DcpMetadata { Name = "peer" }, Spec = new DcpExecutableSpec { ExecutablePath = "x" } }, Cancelled);
}
