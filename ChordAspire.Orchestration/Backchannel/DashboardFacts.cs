using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Backchannel;

/// <summary>Shows the tool, and its user, to the dashboard.</summary>
internal sealed class DashboardFacts(DashboardPresence presence, IConfiguration configuration, TimeProvider time)
{
    // Usually up after three seconds. Before, the tool waits; but a first run downloads for minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal async Task<DashboardUrls> UrlsAsync(CancellationToken cancellationToken) =>
        await AddressAsync(cancellationToken) is { } address ? new DashboardUrls(true, WithLogin(address)) : new DashboardUrls(false, null);

    internal async Task<DashboardApi> ApiAsync(CancellationToken cancellationToken)
    {
        if (await AddressAsync(cancellationToken) is not { } address)
            return new DashboardApi(null, null, [], IsHealthy: false);

        // An open dashboard has no key, and the tool wants one all the same.
        string key = configuration[DashboardKeys.TelemetryApiKey] ?? "";
        return new DashboardApi(address, key, [WithLogin(address)], IsHealthy: true);
    }

    private async Task<string?> AddressAsync(CancellationToken cancellationToken)
    {
        try
        {
            Uri? address = await presence.Address.WaitAsync(Patience, time, cancellationToken);
            return address?.GetLeftPart(UriPartial.Authority);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private string WithLogin(string address) =>
        configuration[DashboardKeys.BrowserToken] is { Length: > 0 } token ? $"{address}/login?t={token}" : address;
}
