using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using ChordAspire.Rpc;
using ChordAspire.Tests.Peer;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ChordAspire.Tests.Browser;

/// <summary>The ring page of a running ring, as a user sees it.</summary>
[Collection(nameof(RingPageInBrowser))]
public sealed class RingPageTests(RingPageInBrowser ring)
{
    private const int DrawnRadius = 345;
    private const double DrawnExactly = 0.02;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Eight_peers_stand_at_the_angles_of_their_identifiers() => ring.VisitAsync("circle", async visit =>
    {
        IReadOnlyDictionary<string, (double X, double Y)> places = await visit.PlacesAsync();
        Assert.Equal(RingPageInBrowser.Peers, places.Count);
        foreach ((string id, (double x, double y)) in places)
        {
            double angle = 2 * Math.PI * (double)BigInteger.Parse("0" + id, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / Math.Pow(2, 160);
            Assert.Equal(DrawnRadius * Math.Sin(angle), x, DrawnExactly);
            Assert.Equal(-DrawnRadius * Math.Cos(angle), y, DrawnExactly);
        }
    });

    [Fact]
    public Task A_lookup_walks_the_way_that_a_client_is_told() => ring.VisitAsync("lookup", async visit =>
    {
        await visit.ChooseAsync("peer-1");
        using var channels = new PeerChannels(TimeSpan.FromSeconds(5));
        using var client = new ChordClient(channels.To(await visit.FactAsync("Address")));
        string[] walked = [], told = [];
        int keys = 0;
        // Fingers may still be mended between the two; a key of its own for each try.
        await Patience.UntilAsync(
            "both go the same way, over more than one hop",
            async () =>
            {
                string key = $"key {keys++}";
                await visit.LookUpAsync(key);
                walked = await visit.WalkedAsync();
                told = [.. (await client.LookupAsync(key, Cancellation)).Path.Select(hop => hop.Peer.Id.ToString())];
                return walked.Length > 1 && walked.SequenceEqual(told);
            },
            () => $"{string.Join(' ', walked)}\n{string.Join(' ', told)}", Cancellation);
        Assert.Equal(walked.Length, await visit.Page.Locator("path.hop").CountAsync());
        Assert.Contains("/traces?filters=chord.key:equals:", await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Its trace in the dashboard" }).GetAttributeAsync("href"));
    });

    [Fact]
    public Task A_file_that_is_put_comes_back_with_its_bytes() => ring.VisitAsync("file", async visit =>
    {
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        await visit.Page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "a file.bin", MimeType = "application/octet-stream", Buffer = content });
        ILocator link = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Get it back" });
        await visit.SeesAsync(link);
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        Assert.Equal("a file.bin", download.SuggestedFilename);
        Assert.Equal(content, await File.ReadAllBytesAsync(await download.PathAsync(), Cancellation));
        // The owner and two replicas.
        Assert.Equal(3, await visit.Page.Locator("g.peer.holds").CountAsync());
        Assert.Equal(1, await visit.Page.Locator("g.peer.owner").CountAsync());
    });

    [Fact]
    public Task The_keyboard_is_enough() => ring.VisitAsync("keyboard", async visit =>
    {
        await TabToAsync(visit, "ring-peers");
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.SeesAsync(visit.Card.GetByRole(AriaRole.Heading, new() { Name = "peer-1" }));
        Assert.Equal("true", await visit.Marks.Nth(1).GetAttributeAsync("aria-selected"));
        await TabToAsync(visit, "key");
        await visit.Page.Keyboard.TypeAsync("typed");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.SeesAsync(visit.Page.GetByText("“typed” lies at"));
        await TabToAsync(visit, "file");
        await TabToAsync(visit, "moment");
    });

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public Task Axe_finds_nothing_in_the_theme(ColorScheme theme) => ring.VisitAsync($"axe-{theme}", async visit =>
    {
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = theme });
        await visit.ChooseAsync("peer-1");
        await visit.LookUpAsync("seen");
        AxeResult found = await visit.Page.RunAxe();
        Assert.True(found.Violations.Length == 0, JsonSerializer.Serialize(found.Violations.Select(violation => new { violation.Id, violation.Help, Nodes = violation.Nodes.Select(node => node.Html) })));
    });

    [Fact]
    public Task A_peer_killed_by_its_button_falls_silent_and_the_ring_is_repaired_and_scrubbing_back_shows_it_whole() => ring.VisitAsync("kill", async visit =>
    {
        await visit.ChooseAsync("peer-5");
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();
        await visit.SeesAsync(visit.Page.GetByText("Kill peer-5? It gets no chance to say goodbye."));
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await visit.SeesStandingAsync("peer-5", "dead");
        await visit.SeesIdealAsync(RingPageInBrowser.Peers - 1);
        await visit.Page.GetByText("What happened").ClickAsync();
        await visit.SeesAsync(visit.Page.GetByRole(AriaRole.Listitem).GetByText("peer-5 fell silent"));
        await visit.SeesAsync(visit.Page.GetByRole(AriaRole.Listitem).GetByText("ring ideal again after"));

        // Half an hour ago there was nothing: the oldest picture is shown, and it has not the dead peer.
        await visit.Page.Locator("#moment").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Home");
        await visit.SeesAsync(visit.Page.GetByText("as it was at"));
        Assert.Equal(0, await visit.Page.Locator("g.peer.dead").CountAsync());
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Now" }).ClickAsync();

        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await visit.SeesIdealAsync(RingPageInBrowser.Peers);
    });

    private static async Task TabToAsync(RingPageVisit visit, string id)
    {
        for (int i = 0; i < 60; i++)
        {
            if (await visit.Page.EvaluateAsync<string>("document.activeElement.id") == id)
                return;
            await visit.Page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"60 times Tab do not lead to {id}.");
    }
}
