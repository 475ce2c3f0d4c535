using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>What the dashboard's process is told.</summary>
internal static class DashboardEnvironment
{
    internal static Dictionary<string, string?> Of(IConfiguration configuration, DashboardSettings settings, Uri resourceService)
    {
        // Settings of the user's for the dashboard go through as they are.
        Dictionary<string, string?> variables = configuration.AsEnumerable()
            .Where(entry => entry.Key.StartsWith("ASPIRE_DASHBOARD_", StringComparison.OrdinalIgnoreCase) && entry.Value is not null)
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        variables["ASPNETCORE_URLS"] = string.Join(';', settings.Frontend.Select(Plain));
        variables[OtlpAddress.GrpcKey] = settings.OtlpGrpc is null ? null : Plain(settings.OtlpGrpc);
        variables[OtlpAddress.HttpKey] = settings.OtlpHttp is null ? null : Plain(settings.OtlpHttp);
        variables["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Plain(resourceService);
        variables["ASPIRE_DASHBOARD_API_ENABLED"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "json";
        Guard("DASHBOARD__FRONTEND", "BrowserToken", "BROWSERTOKEN", configuration[DashboardKeys.BrowserToken]);
        Guard("DASHBOARD__OTLP", "ApiKey", "PRIMARYAPIKEY", configuration[DashboardKeys.OtlpApiKey]);
        Guard("DASHBOARD__API", "ApiKey", "PRIMARYAPIKEY", configuration[DashboardKeys.TelemetryApiKey]);
        Guard("DASHBOARD__RESOURCESERVICECLIENT", "ApiKey", "APIKEY", configuration[DashboardKeys.ResourceServiceKey]);
        foreach (string absent in variables.Where(variable => variable.Value is null).Select(variable => variable.Key).ToArray())
            variables.Remove(absent);
        return variables;

        void Guard(string door, string mode, string keyName, string? key)
        {
            bool open = DashboardKeys.IsOpen(configuration);
            variables[$"{door}__AUTHMODE"] = open ? "Unsecured" : mode;
            variables[$"{door}__{keyName}"] = open ? null : key;
        }
    }

    private static string Plain(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
