using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Orchestration;

/// <summary>A port that somebody else listens on is named, and so is who holds it.</summary>
public sealed class TakenPortTests : IDisposable
{
    private readonly TcpListener _holder = new(IPAddress.Loopback, 0);

    public TakenPortTests() => _holder.Start();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_holder.LocalEndpoint).Port;

    /// <summary>The holder is this test process.</summary>
    private static string Claim => $"in use by process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)} (";

    public void Dispose() => _holder.Dispose();

    [Fact]
    public void The_holder_of_a_port_is_found()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is not known.");
        Assert.StartsWith($"process {Environment.ProcessId} (", PortHolder.Describe(Port), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_nobody_holds_has_no_named_holder()
    {
        int port = Port;
        _holder.Stop();
        Assert.Equal("another process", PortHolder.Describe(port));
    }

    [Theory]
    [Trait("Category", "Orchestrator")]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL")]
    [InlineData("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL")]
    public async Task The_dashboard_cannot_be_shown_and_the_application_runs(string setting)
    {
        var addresses = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://localhost:{FreePort()}",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePort()}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePort()}",
            [setting] = $"http://localhost:{Port}",
        };
        await using LiveApplication live = await LiveApplication.StartAsync(
            builder => LiveApplication.AddSleeper(builder),
            Cancel,
            dashboard: true,
            ["--DcpPublisher:RandomizePorts=false", .. addresses.Select(entry => $"--{entry.Key}={entry.Value}")]);

        await live.UntilLoggedAsync("The application runs without its dashboard", Cancel);
        string line = live.Log.Lines.First(line => line.Contains("without its dashboard", StringComparison.Ordinal));
        Assert.Contains($"port {Port}", line, StringComparison.Ordinal);
        Assert.Contains(Claim, line, StringComparison.Ordinal);
        await live.Notifications.WaitForResourceAsync("sleeper", KnownResourceStates.Running, Cancel).WaitAsync(Patience.Ample, Cancel);
    }

    [Fact]
    [Trait("Category", "Orchestrator")]
    public async Task A_peer_with_a_fixed_port_fails_to_start_and_the_others_run()
    {
        await using LiveApplication live = await LiveApplication.StartAsync(
            builder =>
            {
                LiveApplication.AddSleeper(builder, "fixed").WithHttpEndpoint(port: Port, targetPort: Port, isProxied: false);
                LiveApplication.AddSleeper(builder);
            },
            Cancel);

        await live.Notifications.WaitForResourceAsync("fixed", KnownResourceStates.FailedToStart, Cancel).WaitAsync(Patience.Ample, Cancel);
        string console = await live.ConsoleOfAsync("fixed", Cancel);
        Assert.Contains($"Port {Port} of endpoint 'http' of resource 'fixed' is {Claim}", console, StringComparison.Ordinal);
        Assert.Contains(
            live.Log.Lines,
            line => line.Contains($"Port {Port}", StringComparison.Ordinal) && line.StartsWith("Error", StringComparison.Ordinal));
        await live.Notifications.WaitForResourceAsync("sleeper", KnownResourceStates.Running, Cancel).WaitAsync(Patience.Ample, Cancel);
    }

    [Fact]
    [Trait("Category", "Orchestrator")]
    public async Task The_AppHost_names_the_peer_that_wanted_it()
    {
        await using AppHostProcess host = AppHostProcess.Start($"--Ring:BasePort={Port}", "--Ring:Peers=1", "--Ring:SparePeers=0");

        await host.WaitForAsync($"Port {Port}", Cancel);
        await host.WaitForAsync("'peer-0'", Cancel);
    }

    private static int FreePort() => AppHostProcess.FreePort();
}
