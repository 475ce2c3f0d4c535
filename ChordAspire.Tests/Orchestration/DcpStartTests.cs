using Aspire.Hosting.Bundle;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChordAspire.Tests.Orchestration;

/// <summary>A DCP that does not come up says why. The stand-ins are shell scripts in its place.</summary>
public sealed class DcpStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DcpStartTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_that_fails_at_once_is_quoted()
    {
        var refused = await StartAsync("echo 'no such flag' >&2; exit 3");

        Assert.Contains("exit code 3: no such flag", refused.Message, StringComparison.Ordinal);
        Assert.Contains("DCP_DIAGNOSTICS_LOG_LEVEL", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ends_after_it_detached_is_quoted_from_its_diagnostics()
    {
        var refused = await StartAsync(
            """
            echo '{"level":"error","error":"no room"}' > "$DCP_DIAGNOSTICS_LOG_FOLDER/x.log"
            rmdir "$DCP_SESSION_FOLDER"
            """);

        Assert.Contains("ended right after it was started", refused.Message, StringComparison.Ordinal);
        Assert.Contains("no room", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_cannot_be_run_is_named()
    {
        var bundle = new AspireBundle(_folder.Write("dcp", "not a program"), "", "");

        var refused = await Assert.ThrowsAsync<DcpException>(
            () => DcpSession.StartAsync(bundle, NullLogger.Instance, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Contains(bundle.DcpPath, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_meant_for_this_process_alone_is_not_handed_on()
    {
        string seen = Path.Combine(_folder.Path, "environment");

        var refused = await StartAsync($"env > '{seen}'; exit 1");

        string[] names = [.. (await File.ReadAllLinesAsync(seen, TestContext.Current.CancellationToken)).Select(line => line.Split('=')[0])];
        Assert.Contains("DCP_SESSION_FOLDER", names);
        Assert.DoesNotContain("ASPNETCORE_URLS", names);
        Assert.DoesNotContain("DOTNET_ENVIRONMENT", names);
        Assert.DoesNotContain("DCP_SECURE_TOKEN", names);
        Assert.NotNull(refused);
    }

    private async Task<DcpException> StartAsync(string script)
    {
        var bundle = new AspireBundle(_folder.WriteScript("dcp", script), "", "");
        return await Assert.ThrowsAsync<DcpException>(
            () => DcpSession.StartAsync(bundle, NullLogger.Instance, TimeProvider.System, TestContext.Current.CancellationToken));
    }
}
