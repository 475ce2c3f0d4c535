using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>The secrets that the dashboard, its user, the senders of telemetry and our resource service share in one run.</summary>
internal static class DashboardKeys
{
    internal const string BrowserToken = "AppHost:BrowserToken";
    internal const string OtlpApiKey = "AppHost:OtlpApiKey";
    internal const string TelemetryApiKey = "AppHost:DashboardApiKey";
    internal const string ResourceServiceKey = "AppHost:ResourceService:ApiKey";
    private const string ResourceServiceMode = "AppHost:ResourceService:AuthMode";

    /// <summary>Puts fresh keys where none are configured; none at all when there is no dashboard or everybody is let in.</summary>
    internal static void Provide(ConfigurationManager configuration, DistributedApplicationOptions options)
    {
        if (options.DisableDashboard)
            return;
        if (IsOpen(configuration))
        {
            configuration[ResourceServiceMode] = "Unsecured";
            return;
        }

        configuration[BrowserToken] = Configured(configuration, "ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN") ?? Fresh();
        configuration[OtlpApiKey] = Configured(configuration, OtlpApiKey) ?? Fresh();
        configuration[TelemetryApiKey] = Configured(configuration, TelemetryApiKey) ?? Fresh();
        configuration[ResourceServiceKey] = Configured(configuration, "ASPIRE_DASHBOARD_RESOURCESERVICE_APIKEY") ?? Fresh();
        configuration[ResourceServiceMode] = "ApiKey";
    }

    internal static bool IsOpen(IConfiguration configuration) => configuration.GetValue<bool>("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS");

    private static string? Configured(ConfigurationManager configuration, string key) => configuration[key] is { Length: > 0 } value ? value : null;

    private static string Fresh() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
