using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChordAspire.Tests.Browser;

/// <summary>Who is let in where.</summary>
[Collection(nameof(RingInBrowser))]
public sealed partial class DashboardDoorTests(RingInBrowser ring)
{
    private const string TelemetryPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const string ResourcesPath = "/aspire.v1.DashboardService/GetApplicationInformation";
    private const string Unauthenticated = "16";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_dashboard_asks_for_the_token_and_refuses_a_wrong_one() => ring.VisitAsync("login", async visit =>
    {
        await visit.OpenAsync("/traces");
        await Expect(visit.Page).ToHaveURLAsync(AskingForTheToken());
        await visit.SeesAsync(TokenField(visit));
        await visit.PictureAsync("asks");

        await EnterAsync("wrong");
        await visit.SeesAsync("Invalid token");
        await Expect(visit.Page).ToHaveURLAsync(AskingForTheToken());
        await visit.PictureAsync("refuses");

        await visit.LogInAsync(new Uri(ring.Login, "/login?t=wrong"));
        await visit.SeesAsync(TokenField(visit));
        await visit.LogInAsync(ring.Login);
        await visit.SeesAsync(visit.Row("peer-0"));

        async Task EnterAsync(string token)
        {
            // The page puts the cursor there once it listens; what was typed before is lost.
            await Expect(TokenField(visit)).ToBeFocusedAsync();
            await TokenField(visit).FillAsync(token);
            await visit.Page.Locator("fluent-button").Filter(new() { HasText = "Log in" }).ClickAsync();
        }
    });

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Whoever_does_not_know_the_key_can_neither_send_nor_read(string? key)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var (dashboard, telemetry, resources) = ring.Host.Addresses;
        await AssertRefusedAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(dashboard, "/api/telemetry/resources")), "x-api-key");
        await AssertRefusedAsync(Call(new Uri(telemetry, TelemetryPath)), "x-otlp-api-key");
        await AssertRefusedAsync(Call(new Uri(resources, ResourcesPath)), "x-resource-service-api-key");

        async Task AssertRefusedAsync(HttpRequestMessage request, string header)
        {
            using HttpRequestMessage asked = request;
            if (key is not null)
                asked.Headers.Add(header, key);
            using HttpResponseMessage answer = await client.SendAsync(asked, Cancellation);
            await answer.Content.LoadIntoBufferAsync(Cancellation);
            string? status = Values(answer.Headers) ?? Values(answer.TrailingHeaders);
            Assert.True(
                answer.StatusCode == HttpStatusCode.Unauthorized || status == Unauthenticated,
                $"{asked.RequestUri} answered {(int)answer.StatusCode}, gRPC status {status ?? "none"}.");
        }

        static string? Values(HttpResponseHeaders headers) =>
            headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? string.Join(',', values) : null;
    }

    private static ILocator TokenField(DashboardVisit visit) => visit.Page.Locator("#token-text-field input");

    /// <summary>A gRPC call with an empty message: five bytes that say "not compressed, no length".</summary>
    private static HttpRequestMessage Call(Uri method) => new(HttpMethod.Post, method)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
    };

    [GeneratedRegex(@"/login\?returnUrl=")]
    private static partial Regex AskingForTheToken();
}
