using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using ChordAspire.Tests.Tool;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>The real <c>aspire</c> tool on an application without a dashboard, and with secrets.</summary>
public sealed class ToolWithoutDashboardTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef";

    private ToolHome _home = null!;
    private OfferedBackchannel _offered = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        IResource? peer = null;
        _home = await ToolHome.CreateAsync(Cancel);
        _offered = await OfferedBackchannel.StartAsync(
            builder =>
            {
                builder.Configuration[DashboardKeys.OtlpApiKey] = Key;
                peer = builder.AddProgram().Resource;
            },
            placeHome: _ => _home.Path);
        await _offered.Application.ResourceNotifications.PublishUpdateAsync(peer!, before => before with
        {
            State = "Running",
            EnvironmentVariables = [new EnvironmentVariableSnapshot("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={Key}", IsFromSpec: true)],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _offered.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task It_is_listed_and_described_all_the_same()
    {
        ToolResult listed = (await _home.RunAsync(Cancel, "ps", "--format", "json")).Succeeded();
        ToolResult described = (await _home.RunAsync(Cancel, "describe")).Succeeded();

        Assert.Contains("\"dashboardUrl\": null", listed.Output, StringComparison.Ordinal);
        Assert.Contains("peer-0", described.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telemetry_is_said_to_need_a_dashboard()
    {
        ToolResult refused = (await _home.RunAsync(Cancel, "otel", "traces")).Failed();

        Assert.Contains("dashboard is not available", refused.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_tells_no_key()
    {
        ToolResult described = (await _home.RunAsync(Cancel, "describe", "peer-0", "--format", "json")).Succeeded();

        Assert.Contains("x-otlp-api-key=*****", described.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, described.Output, StringComparison.Ordinal);
    }
}
