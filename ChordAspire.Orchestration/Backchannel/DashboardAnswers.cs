namespace Aspire.Hosting.Backchannel;

/// <summary>The address to open in a browser; null while there is no dashboard, and without one.</summary>
internal sealed record DashboardUrls(bool DashboardHealthy, string? BaseUrlWithLoginToken);

/// <summary>The way to the dashboard's telemetry. Without a dashboard the tool says so itself, when it finds no address.</summary>
internal sealed record DashboardApi(string? ApiBaseUrl, string? ApiToken, IReadOnlyList<string> DashboardUrls, bool IsHealthy);
