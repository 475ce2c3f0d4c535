using System.Text.RegularExpressions;
using Aspire.Hosting.Bundle;
using ChordAspire.Tests.ArchitectureRules;
using ChordAspire.Tests.Ring;
using Microsoft.Playwright;

namespace ChordAspire.Tests.Browser;

/// <summary>The AppHost as a user runs it, with a small ring and a spare, and a headless browser to look at its dashboard with.</summary>
public sealed partial class RingInBrowser : IAsyncLifetime
{
    internal const string Spare = "peer-4";

    /// <summary>Ample for a machine that is busy with other things; a quiet one needs a tenth.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    // No sandbox: build machines run as root, and the only pages seen are our own. The rest keeps the browser off the network.
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private AppHostProcess? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The peers that start with the application.</summary>
    internal static IReadOnlyList<string> Peers { get; } = ["peer-0", "peer-1", "peer-2", "peer-3"];

    internal AppHostProcess Host => _host!;

    /// <summary>The address that the AppHost printed, with the token.</summary>
    internal Uri Login => new(LoginAddress().Match(Host.Output).Value);

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        try
        {
            // Development as in the launch profile: telemetry is sent every second.
            _host = AppHostProcess.Start("--environment=Development", "--Ring:BasePort=0", $"--Ring:Peers={Peers.Count}", "--Ring:SparePeers=1");
            _playwright = await Playwright.CreateAsync();
            _browser = await LaunchAsync(_playwright, cancellation);
            await _host.WaitForAsync("/login?t=", cancellation);
            await _host.WaitForAsync($"ring is ideal: {Peers.Count} peers", cancellation);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }

    /// <summary>
    /// One visit to the dashboard, as by somebody who has not been there before. When it fails, what was to be seen is kept beside its
    /// pictures.
    /// </summary>
    internal async Task VisitAsync(string story, Func<DashboardVisit, Task> steps)
    {
        await using IBrowserContext visitor = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 720 } });
        visitor.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var visit = new DashboardVisit(await visitor.NewPageAsync(), Host.Addresses.Dashboard, story, Patience);
        try
        {
            await steps(visit);
        }
        catch (Exception)
        {
            await visit.KeepEvidenceAsync(said: Host.Output);
            throw;
        }
    }

    internal static async Task<IBrowser> LaunchAsync(IPlaywright playwright, CancellationToken cancellation)
    {
        ChromiumInstallation chromium = await ChromiumInstallation.FindAsync(
            Repository.Root, line => TestContext.Current.SendDiagnosticMessage(line), cancellation);
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name)!);
        foreach ((string name, string value) in chromium.Variables)
            environment[name] = value;
        try
        {
            return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium.Program, Args = Flags, Env = environment });
        }
        catch (PlaywrightException failure)
        {
            string reason = SaidWhileLoading().Match(failure.Message) is { Success: true } missing ? missing.Value : failure.Message;
            throw new BundleException(
                $"The browser {chromium.Program} does not start: {reason}. Install what it lacks, or {ChromiumPackage.Otherwise}.", failure);
        }
    }

    [GeneratedRegex(@"http://\S+/login\?t=\w+")]
    private static partial Regex LoginAddress();

    [GeneratedRegex("error while loading shared libraries: [^\n]*")]
    private static partial Regex SaidWhileLoading();
}
