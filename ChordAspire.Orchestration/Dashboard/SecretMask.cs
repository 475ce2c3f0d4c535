using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Takes the keys of this run out of whatever is shown.</summary>
internal sealed class SecretMask(IConfiguration configuration)
{
    private const string Mask = "*****";

    // Read when first needed: the keys are there before anything is shown, but not before everything is built.
    private readonly Lazy<string[]> _secrets = new(() =>
    [
        .. new[] { DashboardKeys.BrowserToken, DashboardKeys.OtlpApiKey, DashboardKeys.TelemetryApiKey, DashboardKeys.ResourceServiceKey }
            .Select(key => configuration[key]).OfType<string>().Where(secret => secret.Length > 0),
    ]);

    internal string Hide(string text) =>
        _secrets.Value.Aggregate(text, (shown, secret) => shown.Replace(secret, Mask, StringComparison.Ordinal));
}
