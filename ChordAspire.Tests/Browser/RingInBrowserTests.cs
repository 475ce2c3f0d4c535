using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChordAspire.Tests.Browser;

/// <summary>The dashboard of a running ring, page by page, as a user sees it.</summary>
[Collection(nameof(RingInBrowser))]
public sealed partial class RingInBrowserTests(RingInBrowser ring)
{
    /// <summary>Lookups tried until one needs another peer: with four peers, three in four do.</summary>
    private const int LookupsMax = 20;

    [Fact]
    public Task Shows_every_peer_with_its_neighbours_and_its_health() => ring.VisitAsync("ring", async visit =>
    {
        await visit.LogInAsync(ring.Login);
        await SeesIdealRingAsync(visit);
        await visit.SeesStateAsync(RingInBrowser.Spare, "Not started");
        await visit.PictureAsync("resources");

        await visit.OpenDetailsAsync("peer-1");
        await visit.SeesAsync(visit.Detail("Health state").GetByText("Healthy"));
        await visit.SeesAsync(visit.Detail("Phase").GetByText("member"));
        await visit.SeesAsync(visit.Detail("Predecessor").GetByText(new Regex("^0+")));
        await visit.SeesAsync(visit.Detail("Successor").GetByText(new Regex("^80+")));
        await visit.SeesAsync(visit.Page.GetByText(new Regex(@"^Healthy \(")));
        await visit.PictureAsync("details");
    });

    [Fact]
    public Task Shows_of_the_environment_what_the_AppHost_set_and_hides_the_values() => ring.VisitAsync("environment", async visit =>
    {
        await visit.LogInAsync(ring.Login);
        await visit.OpenDetailsAsync("peer-1");
        await visit.SeesAsync(visit.Detail("NODE_ID"));
        await visit.SeesAsync(visit.Detail("OTEL_EXPORTER_OTLP_HEADERS"));
        await visit.CountsAsync(0, visit.Page.GetByText("PATH", new() { Exact = true }));
        string shown = await visit.Page.Locator("body").InnerTextAsync();
        Assert.DoesNotContain("x-otlp-api-key", shown, StringComparison.Ordinal);
        await visit.Page.SetViewportSizeAsync(1280, 2000);
        await visit.PictureAsync("masked");
    });

    [Fact]
    public Task Draws_who_joins_through_whom() => ring.VisitAsync("graph", async visit =>
    {
        await visit.LogInAsync(ring.Login);
        await visit.OpenAsync("/?view=Graph");
        ILocator graph = visit.Page.Locator("svg.resource-graph");
        foreach (string peer in (string[])[.. RingInBrowser.Peers, RingInBrowser.Spare])
            await visit.CountsAsync(1, graph.Locator("text").Filter(new() { HasText = peer }));

        // All but the first, which starts the ring. They fade in.
        await visit.CountsAsync(RingInBrowser.Peers.Count, graph.Locator("line.resource-link[opacity='1']"));
        await visit.PictureAsync("graph");
    });

    [Fact]
    public Task A_killed_peer_ends_and_joins_again_when_it_is_started() => ring.VisitAsync("kill", async visit =>
    {
        await visit.LogInAsync(ring.Login);
        await SeesIdealRingAsync(visit);

        await visit.PressAsync("peer-2", "Kill", outcome: visit.Page.GetByText("Kill peer-2?"));
        await visit.PictureAsync("asks");
        await visit.PressInDialogAsync("Yes");
        await visit.SeesEndedAsync("peer-2");
        await visit.PictureAsync("ended");
        await visit.OpenDetailsAsync("peer-1");
        await visit.SeesAsync(visit.Detail("Successor").GetByText(new Regex("^c0+")));
        await visit.PictureAsync("repaired");

        await visit.OpenAsync("/");
        await visit.PressAsync("peer-2", "Start", outcome: visit.State("peer-2", "Running"));
        await visit.OpenDetailsAsync("peer-2");
        await visit.SeesAsync(visit.Detail("Health state").GetByText("Healthy"));
        await visit.SeesAsync(visit.Detail("Phase").GetByText("member"));
        await visit.SeesAsync(visit.Detail("Predecessor").GetByText(new Regex("^40+")));
        await visit.SeesAsync(visit.Detail("Successor").GetByText(new Regex("^c0+")));
        await visit.PictureAsync("rejoined");
    });

    [Fact]
    public Task A_lookup_leaves_one_trace_with_a_span_for_each_peer_asked() => ring.VisitAsync("lookup", async visit =>
    {
        await visit.LogInAsync(ring.Login);
        (string key, int hops) = await LookUpThroughOthersAsync(visit, "peer-3");

        await visit.OpenAsync($"/traces?filters=chord.key:equals:{key}");
        ILocator trace = visit.Page.GetByText("chord.lookup");
        await visit.CountsAsync(1, trace);
        await visit.PictureAsync("traces");
        await trace.ClickAsync();
        await visit.CountsAsync(hops, visit.Page.GetByText("chord.hop", new() { Exact = true }));
        await visit.PictureAsync("trace");
    });

    [Fact]
    public Task What_a_peer_writes_stands_in_its_console_in_colour_and_among_the_structured_logs() => ring.VisitAsync("logs", async visit =>
    {
        await visit.LogInAsync(ring.Login);
        await visit.OpenAsync("/consolelogs/resource/peer-1");
        await visit.SeesAsync(visit.Page.GetByText("joined behind"));
        await visit.SeesAsync(visit.Page.Locator(".log-content span").GetByText("info").First);
        await visit.PictureAsync("console");

        await visit.OpenAsync("/structuredlogs/resource/peer-1");
        await visit.SeesAsync(visit.Page.GetByText("Successor is now").First);
        await visit.PictureAsync("structured");
    });

    [Fact]
    public Task What_a_peer_counts_is_drawn() => ring.VisitAsync("metrics", async visit =>
    {
        await visit.LogInAsync(ring.Login);
        await visit.OpenAsync("/metrics/resource/peer-1?meter=ChordAspire.Peer&instrument=chord.stabilize.rounds");
        await visit.SeesAsync(visit.Page.GetByText("Stabilize rounds done."));
        await visit.SeesAsync(visit.Page.Locator(".plot-container").First);
        await visit.PictureAsync("rounds");
    });

    private static async Task SeesIdealRingAsync(DashboardVisit visit)
    {
        foreach (string peer in RingInBrowser.Peers)
            await visit.SeesStateAsync(peer, "Running");
    }

    /// <summary>Looks up keys until one is owned by another peer. Says where that key lies and how many peers were asked.</summary>
    private static async Task<(string Key, int Hops)> LookUpThroughOthersAsync(DashboardVisit visit, string peer)
    {
        ILocator dialog = visit.Page.Locator("fluent-dialog");
        for (int i = 0; i < LookupsMax; i++)
        {
            ILocator answer = visit.Page.GetByText("View response");
            await visit.PressAsync(peer, "Look up a key", outcome: answer);
            await answer.ClickAsync();
            await visit.SeesAsync(dialog.GetByText("Its owner is"));
            int hops = await dialog.Locator("tbody tr").CountAsync();
            if (hops > 0)
            {
                await visit.PictureAsync("answer");
                return (Identifier().Match(await dialog.InnerTextAsync()).Value, hops);
            }

            await visit.Page.ReloadAsync();
        }

        throw new InvalidOperationException($"{peer} owns {LookupsMax} keys in a row.");
    }

    [GeneratedRegex("[0-9a-f]{40}")]
    private static partial Regex Identifier();
}

/// <summary>All tests in the browser look at one ring.</summary>
[CollectionDefinition(nameof(RingInBrowser))]
public sealed class RingInBrowserDefinition : ICollectionFixture<RingInBrowser>;
