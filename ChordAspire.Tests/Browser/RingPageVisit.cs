using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChordAspire.Tests.Browser;

/// <summary>What somebody does at the ring page. Every wait is for something to be seen, within the patience.</summary>
internal sealed partial class RingPageVisit(IPage page)
{
    private readonly float _milliseconds = (float)RingPageInBrowser.Patience.TotalMilliseconds;

    public IPage Page => page;

    /// <summary>The peers on the circle, one each.</summary>
    public ILocator Marks => page.Locator("#ring-peers").GetByRole(AriaRole.Option);

    public ILocator Path => page.Locator("ol.path li");

    /// <summary>The page starts when the first peer is in the ring, and may need a moment longer than the others do.</summary>
    public async Task OpenAsync(Uri address)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await page.GotoAsync(address.ToString());
                return;
            }
            catch (PlaywrightException refused) when (refused.Message.Contains("ERR_CONNECTION_REFUSED", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(started) < RingPageInBrowser.Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    public Task SeesAsync(ILocator what) => Expect(what.First).ToBeVisibleAsync(new() { Timeout = _milliseconds });

    public Task SeesMarksAsync(int peers) => Expect(Marks).ToHaveCountAsync(peers, new() { Timeout = _milliseconds });

    public Task SeesIdealAsync(int peers) => SeesAsync(page.GetByText(new Regex($"{peers} peers, ideal$")));

    public Task SeesStandingAsync(string peer, string standing) =>
        SeesAsync(page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = peer, Exact = true }) }).First.GetByText(standing, new() { Exact = true }));

    /// <summary>Chooses a peer in the table.</summary>
    public async Task ChooseAsync(string peer)
    {
        await page.Locator("th[scope=row]").GetByRole(AriaRole.Button, new() { Name = peer, Exact = true }).ClickAsync();
        await SeesAsync(Card.GetByRole(AriaRole.Heading, new() { Name = peer, Exact = true }));
    }

    public ILocator Card => page.GetByRole(AriaRole.Region, new() { Name = "Chosen peer" });

    /// <summary>What the card says under a name.</summary>
    public async Task<string> FactAsync(string name) => (await Card.Locator($"dt:text-is('{name}') + dd").InnerTextAsync()).Trim();

    public async Task LookUpAsync(string key)
    {
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Look up" }).ClickAsync();
        await SeesAsync(page.GetByText($"“{key}” lies at"));
    }

    /// <summary>Drags a file from outside into the page and lets it go over an element, as the mouse does.</summary>
    public async Task DropAsync(string selector, string file)
    {
        LocatorBoundingBoxResult place = await page.Locator(selector).BoundingBoxAsync() ?? throw new InvalidOperationException($"{selector} is not to be seen.");
        ICDPSession browser = await page.Context.NewCDPSessionAsync(page);
        foreach (string type in (string[])["dragEnter", "dragOver", "drop"])
        {
            await browser.SendAsync("Input.dispatchDragEvent", new()
            {
                ["type"] = type,
                ["x"] = place.X + (place.Width / 2),
                ["y"] = place.Y + (place.Height / 2),
                ["data"] = new { items = Array.Empty<object>(), files = new[] { file }, dragOperationsMask = 1 },
            });
        }
        await browser.DetachAsync();
    }

    /// <summary>Chooses a file until the page shows that it has it: the field listens a moment after it is there. To choose the same one again would be no change.</summary>
    public async Task ChooseFileAsync(string selector, string file, ILocator shown)
    {
        long started = TimeProvider.System.GetTimestamp();
        do
        {
            await page.Locator(selector).SetInputFilesAsync(Array.Empty<string>());
            await page.Locator(selector).SetInputFilesAsync(file);
            try
            {
                await Expect(shown.First).ToBeVisibleAsync(new() { Timeout = _milliseconds / 10 });
                return;
            }
            catch (PlaywrightException) when (TimeProvider.System.GetElapsedTime(started) < RingPageInBrowser.Patience)
            {
                // Once more.
            }
        }
        while (true);
    }

    public Task OpenRecordingAsync(string file) => ChooseFileAsync("#recording", file, page.GetByRole(AriaRole.Button, new() { Name = "Back to the live ring" }));

    /// <summary>Who owns the file that the page tells of.</summary>
    public async Task<string> OwnerOfFileAsync() => (await Holders.First.InnerTextAsync()).Trim();

    /// <summary>So many peers hold the file, and this one is none of them.</summary>
    public async Task SeesHoldersAsync(int peers, string without)
    {
        await Expect(Holders.GetByText(without, new() { Exact = true })).ToHaveCountAsync(0, new() { Timeout = _milliseconds });
        await Expect(page.Locator("section.files").GetByText("(copies)")).ToBeVisibleAsync(new() { Timeout = _milliseconds });
        await Expect(Holders).ToHaveCountAsync(peers, new() { Timeout = _milliseconds });
    }

    private ILocator Holders => page.Locator("section.files button.link");

    /// <summary>Presses a button of the recorded run, and says where it stands then.</summary>
    public async Task<string> StepAsync(string button)
    {
        ILocator position = page.Locator(".player .when");
        string before = await position.InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Expect(position).Not.ToHaveTextAsync(before, new() { Timeout = _milliseconds });
        return await position.InnerTextAsync();
    }

    /// <summary>Identifiers of the peers asked, in their order.</summary>
    public async Task<string[]> WalkedAsync() =>
        [.. await Task.WhenAll((await Path.AllAsync()).Select(async hop => await hop.GetAttributeAsync("data-peer") ?? ""))];

    /// <summary>Where each peer is drawn, by its identifier.</summary>
    public async Task<IReadOnlyDictionary<string, (double X, double Y)>> PlacesAsync()
    {
        var places = new Dictionary<string, (double, double)>();
        foreach (ILocator mark in await Marks.AllAsync())
        {
            Match at = Translation().Match(await mark.Locator("> g[transform]").First.GetAttributeAsync("transform") ?? "");
            places[(await mark.GetAttributeAsync("id"))!["peer-".Length..]] = (double.Parse(at.Groups[1].Value), double.Parse(at.Groups[2].Value));
        }
        return places;
    }

    [GeneratedRegex(@"translate\((\S+) (\S+)\)")]
    private static partial Regex Translation();
}
