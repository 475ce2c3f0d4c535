using System.Net;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChordAspire.Tests.Orchestration;

public sealed class DcpShutdownTests : IDisposable
{
    private readonly ShortWaitsPass _time = new();
    private readonly ScriptedDcp _dcp = new();
    private readonly DcpFolders _folders;
    private readonly DcpApi _api;

    public DcpShutdownTests()
    {
        _folders = DcpFolders.Create(_time);
        _api = _dcp.Connect(_time);
    }

    public void Dispose()
    {
        _api.Dispose();
        _folders.Dispose();
        _dcp.Dispose();
    }

    [Fact]
    public async Task It_deletes_first_and_stops_last()
    {
        _dcp.Answers($$"""{"items":[{{ScriptedDcp.Executable("peer", "1", "1")}}]}""")
            .Answers(ScriptedDcp.Executable("peer", "1", "1"))
            .Answers(HttpStatusCode.OK)
            .Answers(HttpStatusCode.NotFound)
            .Answers(HttpStatusCode.Accepted)
            .Answers("""{"status":"CleaningResources"}""")
            .Answers("""{"status":"CleanupComplete"}""")
            .Answers(HttpStatusCode.Accepted);
        Directory.Delete(_folders.Session);

        await ShutDownAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(
            [
                "GET /executables",
                "GET /executables/peer",
                "DELETE /executables/peer",
                "GET /executables/peer",
                """PATCH /admin/execution {"status":"CleaningResources","shutdownResourceCleanup":"Full"}""",
                "GET /admin/execution",
                "GET /admin/execution",
                """PATCH /admin/execution {"status":"Stopping","shutdownResourceCleanup":"Full"}""",
            ],
            _dcp.Questions);
    }

    [Fact]
    public async Task A_DCP_that_is_gone_is_no_failure()
    {
        Directory.Delete(_folders.Session);
        _dcp.BreaksOff().BreaksOff();

        await ShutDownAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(2, _dcp.Questions.Count);
    }

    [Fact]
    public async Task A_DCP_that_stands_still_is_left_when_the_limit_passes()
    {
        await ShutDownAsync(TimeSpan.FromMilliseconds(500));

        Assert.Equal(2, _dcp.Questions.Count);
    }

    private Task ShutDownAsync(TimeSpan limit) =>
        new DcpShutdown(_api, new DcpExecutables(_api, _folders, _time), _folders, NullLogger.Instance, _time).RunAsync(limit);
}
