using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChordAspire.Cli;
using ChordAspire.Rpc;
using ChordAspire.Tests.Cli;
using ChordAspire.Tests.Peer;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ChordAspire.Tests.Browser;

/// <summary>The ring page of a running ring, as a user sees it.</summary>
[Collection(nameof(RingPageInBrowser))]
public sealed partial class RingPageTests(RingPageInBrowser ring)
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
        await visit.ChooseAsync("peer-3");
        using var channels = new PeerChannels(TimeSpan.FromSeconds(5));
        using var client = new ChordClient(channels.To(await visit.FactAsync("Address")));
        string[] walked = [], answered = [];
        IReadOnlyList<string> seen = [];
        int keys = 0;
        // Through peer-3 nobody else asks for anything here.
        // Fingers may still be mended between the two; a key of its own for each try.
        await Patience.UntilAsync(
            "both go the same way, over more than one hop",
            async () =>
            {
                string key = $"key {keys++}";
                await visit.LookUpAsync(key);
                walked = await visit.WalkedAsync();
                answered = [.. (await client.LookupAsync(key, Cancellation)).Path.Select(hop => hop.Peer.Id.ToString())];
                return walked.Length > 1 && walked.SequenceEqual(answered);
            },
            () => $"{string.Join(' ', walked)}\n{string.Join(' ', answered)}", Cancellation);
        Assert.Equal(walked.Length, await visit.Page.Locator("path.hop").CountAsync());
        // Lookups of others are on the strip too, and this page's own ones once only.
        await visit.Page.GetByText("What happened").ClickAsync();
        // The list grows at its top: while it is read, a line may become another one.
        ILocator told = visit.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "through peer-3" });
        await Patience.UntilAsync(
            $"{keys} lookups of others are told",
            async () => (seen = await told.AllInnerTextsAsync()).SelectMany(text => LookupCount().Matches(text)).Sum(count => int.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture)) == keys,
            () => $"{keys} were asked of peer-3. Told: {string.Join("; ", seen)}", Cancellation);
        Assert.Contains("/traces?filters=chord.key:equals:", await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Its trace in the dashboard" }).GetAttributeAsync("href"));
    });

    [Fact]
    public Task A_file_dropped_with_the_mouse_comes_back_with_its_bytes() => ring.VisitAsync("file", async visit =>
    {
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        string file = ring.FileNamed("a file.bin");
        await File.WriteAllBytesAsync(file, content, Cancellation);
        await visit.DropAsync("#file", file);
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
    public Task Any_key_is_found_and_fetched() => ring.VisitAsync("any-key", async visit =>
    {
        const string Key = "docs/../a 100%2F?&#+ä.txt";
        await visit.ChooseAsync("peer-2");
        using var channels = new PeerChannels(TimeSpan.FromSeconds(5));
        using var client = new ChordClient(channels.To(await visit.FactAsync("Address")));
        using var content = new MemoryStream("round"u8.ToArray());
        await client.PutAsync(Key, content, Cancellation);
        await visit.Page.GetByLabel("Stored as").FillAsync(Key);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Where is it?" }).ClickAsync();
        ILocator link = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Get it back" });
        await visit.SeesAsync(link);
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        Assert.Equal("round", await File.ReadAllTextAsync(await download.PathAsync(), Cancellation));
    });

    [Fact]
    public Task A_file_that_is_gone_before_it_is_read_is_told_in_words_and_the_page_lives_on() => ring.VisitAsync("gone-file", async visit =>
    {
        foreach (string field in (string[])["#file", "#recording"])
        {
            string file = ring.FileNamed("gone.jsonl");
            await File.WriteAllTextAsync(file, "soon gone", Cancellation);
            // Between the choice and the reading: the page is told of the choice after this listener.
            await visit.Page.Locator(field).EvaluateAsync("field => field.addEventListener('change', () => { Blob.prototype.arrayBuffer = Blob.prototype.slice = Blob.prototype.stream = () => { throw new DOMException('gone', 'NotFoundError'); }; }, { capture: true, once: true })");
            await visit.ChooseFileAsync(field, file, visit.Page.GetByText("gone.jsonl: the browser cannot read it."));
        }
        await visit.LookUpAsync("still alive");
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
        await TabToAsync(visit, "recording");
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
        string file = ring.FileNamed("a file that outlives its owner.txt");
        await File.WriteAllTextAsync(file, "still there", Cancellation);
        await visit.ChooseFileAsync("#file", file, visit.Page.GetByRole(AriaRole.Link, new() { Name = "Get it back" }));
        string owner = await visit.OwnerOfFileAsync();
        await visit.ChooseAsync(owner);
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();
        await visit.SeesAsync(visit.Page.GetByText($"Kill {owner}? It gets no chance to say goodbye."));
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await visit.SeesStandingAsync(owner, "dead");
        await visit.SeesIdealAsync(RingPageInBrowser.Peers - 1);
        // Where the file lies is followed: another one owns it, and there are three copies again.
        await visit.SeesHoldersAsync(3, without: owner);
        await visit.Page.GetByText("What happened").ClickAsync();
        await visit.SeesAsync(visit.Page.GetByRole(AriaRole.Listitem).GetByText($"{owner} fell silent"));
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

    [Fact]
    public Task A_peer_is_added_and_leaves_again_by_their_buttons() => ring.VisitAsync("add-and-leave", async visit =>
    {
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Add a peer" }).ClickAsync();
        await visit.SeesAsync(visit.Page.GetByText("Add peer-8 to the ring?"));
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "No" }).ClickAsync();
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Add a peer" }).ClickAsync();
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await visit.SeesIdealAsync(RingPageInBrowser.Peers + 1);

        await visit.ChooseAsync("peer-8");
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await visit.SeesAsync(visit.Page.GetByText("Let peer-8 leave the ring?"));
        await visit.Card.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await visit.SeesIdealAsync(RingPageInBrowser.Peers);
        await visit.Page.GetByText("What happened").ClickAsync();
        await visit.SeesAsync(visit.Page.GetByRole(AriaRole.Listitem).GetByText("peer-8 leaves"));
        Assert.Equal(0, await visit.Page.GetByRole(AriaRole.Listitem).GetByText("peer-8 fell silent").CountAsync());
        // After a while nobody sees any more that it was there; nor does the next visitor.
        await visit.SeesMarksAsync(RingPageInBrowser.Peers);
    });

    [Theory]
    [InlineData(200)]
    [InlineData(1000)]
    public Task A_recorded_run_of_many_peers_is_drawn_and_played(int peers) => ring.VisitAsync($"recording-{peers}", async visit =>
    {
        string file = ring.FileNamed("run.jsonl");
        Assert.Equal(ExitCode.Done, CommandRun.Of("sim", "churn", "--peers", $"{peers}", "--hours", "0.02", "--session", "20", "--record", file).ExitCode);
        await visit.OpenRecordingAsync(file);
        Assert.Equal(peers, await visit.Marks.CountAsync());
        await visit.Page.Locator("#speed").SelectOptionAsync("100");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await visit.SeesAsync(visit.Page.Locator("g.peer.dead"));
        await visit.SeesAsync(visit.Page.GetByText("72.000 s of 72.000 s"));

        string atLastChange = await visit.StepAsync("Step back");
        Assert.NotEqual(atLastChange, await visit.StepAsync("Step back"));
        Assert.Equal(atLastChange, await visit.StepAsync("Step"));

        await visit.Page.Locator("#position").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Home");
        await visit.SeesAsync(visit.Page.GetByText("0.000 s of"));
        Assert.Equal((peers, 0), (await visit.Marks.CountAsync(), await visit.Page.Locator("g.peer.dead").CountAsync()));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the live ring" }).ClickAsync();
        await visit.SeesIdealAsync(RingPageInBrowser.Peers);
    });

    [Fact]
    public Task What_is_no_recording_is_refused_in_words() => ring.VisitAsync("no-recording", async visit =>
    {
        string file = ring.FileNamed("poem.jsonl");
        await File.WriteAllTextAsync(file, "Ring around the rosie", Cancellation);
        await visit.ChooseFileAsync("#recording", file, visit.Page.GetByText("poem.jsonl: Line 1 is no JSON"));
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

    [GeneratedRegex("([0-9]+) lookups? through")]
    private static partial Regex LookupCount();
}
