using System.Net;
using Aspire.Hosting.Bundle;
using Aspire.Hosting.Dashboard;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Ring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Orchestration;

/// <summary>The dashboard dies in the middle of a run.</summary>
public sealed class DashboardRestartTests
{
    private const string AsksForResources = "DashboardService/WatchResources";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Orchestrator")]
    public async Task One_that_is_killed_comes_back_at_the_same_addresses_with_the_same_token()
    {
        await using LiveApplication live = await LiveApplication.StartAsync(
            builder =>
            {
                // The web server of the resource service tells here who asks for what.
                builder.Services.AddLogging(logging =>
                    logging.AddFilter<LogBook>("Microsoft.AspNetCore.Routing.EndpointMiddleware", LogLevel.Information));
                LiveApplication.AddSleeper(builder);
            },
            Cancel,
            dashboard: true);
        await live.UntilLoggedAsync("/login?t=", Cancel);
        Uri login = LoginOf(live);
        int dashboard = DashboardBeside(await live.ProcessOfAsync("sleeper", Cancel));
        int asked = live.Log.Lines.Count(line => line.Contains(AsksForResources, StringComparison.Ordinal));

        ProcessSignal.Send(dashboard, ProcessSignal.Kill);
        await live.UntilLoggedAsync("The dashboard is back", Cancel);

        Assert.NotEqual(dashboard, DashboardBeside(await live.ProcessOfAsync("sleeper", Cancel)));
        Assert.Equal("/", await LogInAsync(login));
        Assert.Equal(HttpStatusCode.OK, await AskForTelemetryAsync(live, login));
        await Patience.UntilAsync(
            "the new dashboard asks for the resources",
            () => Task.FromResult(live.Log.Lines.Count(line => line.Contains(AsksForResources, StringComparison.Ordinal)) > asked),
            live.Log.ToString,
            Cancel);
    }

    [Fact]
    [Trait("Category", "Orchestrator")]
    public async Task One_that_ends_again_and_again_is_given_up_and_the_resources_run_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in is a shell script.");
        using var folder = new TemporaryFolder();
        string dashboard = folder.WriteScript("dashboard", "exit 7");
        AspireBundle tools = await RunningDcp.LocateAsync(Cancel);
        await using LiveApplication live = await LiveApplication.StartAsync(
            builder => LiveApplication.AddSleeper(builder),
            Cancel,
            dashboard: true,
            $"--DcpPublisher:CliPath={tools.DcpPath}",
            $"--DcpPublisher:DashboardPath={dashboard}");

        // The pauses before the starts add up to 15.5 seconds.
        await live.UntilLoggedAsync("The application runs without its dashboard: it ended 6 times in a row, at last with exit code 7", Cancel);

        Assert.Equal(DashboardRestarts.InARowMax, live.Log.Lines.Count(line => line.Contains("The dashboard ended with exit code 7", StringComparison.Ordinal)));
        Assert.True(ProcessTree.IsAlive(await live.ProcessOfAsync("sleeper", Cancel)));
    }

    [Fact]
    public void Pauses_grow_and_end_and_a_good_run_forgives()
    {
        var restarts = new DashboardRestarts();
        TimeSpan shortly = TimeSpan.FromSeconds(3), good = TimeSpan.FromMinutes(2);

        Assert.Equal([0.5, 1, 2, 4, 8], Enumerable.Range(0, DashboardRestarts.InARowMax).Select(_ => restarts.Next(shortly)!.Value.TotalSeconds));
        Assert.Null(restarts.Next(shortly));
        Assert.Equal(0.5, restarts.Next(good)!.Value.TotalSeconds);
    }

    private static Uri LoginOf(LiveApplication live)
    {
        string line = live.Log.Lines.First(line => line.Contains("/login?t=", StringComparison.Ordinal));
        return new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]);
    }

    /// <summary>The dashboard that the same orchestrator runs.</summary>
    private static int DashboardBeside(int process) =>
        Assert.Single(
            ProcessTree.ChildrenOf(ProcessTree.ParentOf(process)),
            child => ProcessTree.CommandOf(child).Contains("aspire-managed", StringComparison.Ordinal));

    private static async Task<string?> LogInAsync(Uri login)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using HttpResponseMessage answer = await browser.GetAsync(login, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location?.ToString();
    }

    private static async Task<HttpStatusCode> AskForTelemetryAsync(LiveApplication live, Uri login)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-API-Key", live.Application.Services.GetRequiredService<IConfiguration>()["AppHost:DashboardApiKey"]);
        using HttpResponseMessage answer = await client.GetAsync(new Uri(login, "/api/telemetry/resources"), Cancel);
        return answer.StatusCode;
    }
}
