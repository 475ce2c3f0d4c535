using System.Collections.Concurrent;
using ChordAspire.Tests.ArchitectureRules;
using ChordAspire.Tests.Ring;
using Microsoft.Playwright;

namespace ChordAspire.Tests.Browser;

/// <summary>The AppHost as a user runs it, with eight peers, a spare and the ring page, and a headless browser to look at the page with.</summary>
public sealed class RingPageInBrowser : IAsyncLifetime
{
    internal const int Peers = 8;

    /// <summary>Ample for a machine that is busy with other things; a quiet one needs a tenth.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("chord-").FullName;
    private AppHostProcess? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal Uri Address { get; } = new($"http://localhost:{AppHostProcess.FreePort()}");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        try
        {
            _host = AppHostProcess.Start("--environment=Development", "--Ring:BasePort=0", $"--Ring:Peers={Peers}", "--Ring:SparePeers=1", "--Ring:Page=true", $"--Ring:PagePort={Address.Port}");
            _playwright = await Playwright.CreateAsync();
            _browser = await RingInBrowser.LaunchAsync(_playwright, cancellation);
            await _host.WaitForAsync($"ring is ideal: {Peers} peers", cancellation);
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
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A file for a test to write and for the browser to take.</summary>
    internal string FileNamed(string name) => Path.Combine(_folder, name);

    /// <summary>One visit to the page with all peers on it. What the browser complained of fails it; a picture is kept of where it ended.</summary>
    internal async Task VisitAsync(string story, Func<RingPageVisit, Task> steps)
    {
        await using IBrowserContext visitor = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, AcceptDownloads = true });
        visitor.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        IPage page = await visitor.NewPageAsync();
        var complaints = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        var visit = new RingPageVisit(page);
        try
        {
            await visit.OpenAsync(Address);
            await visit.SeesIdealAsync(Peers);
            await steps(visit);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\nThe browser complained: {string.Join('\n', complaints)}\nThe AppHost said:\n{_host!.Output}", failure);
        }
        finally
        {
            string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots", "ring-page")).FullName;
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{story}.png"), FullPage = true });
        }
        Assert.Empty(complaints);
    }
}

/// <summary>All tests of the page look at one ring.</summary>
[CollectionDefinition(nameof(RingPageInBrowser))]
public sealed class RingPageInBrowserDefinition : ICollectionFixture<RingPageInBrowser>;
