using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The types of lines that the dashboard draws.</summary>
internal static class RelationshipTypes
{
    internal const string Reference = "Reference";
    internal const string Parent = "Parent";
    internal const string WaitFor = "WaitFor";
}

/// <summary>The variables by which a resource finds the endpoints of another.</summary>
internal static class ServiceDiscovery
{
    internal static void Inject(EnvironmentCallbackContext context, string service, IEnumerable<EndpointReference> endpoints)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (EndpointReference endpoint in endpoints)
        {
            string key = endpoint.EndpointName.ToLowerInvariant() is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
            int index = counts.GetValueOrDefault(key);
            counts[key] = index + 1;
            context.EnvironmentVariables[string.Create(CultureInfo.InvariantCulture, $"services__{service}__{key}__{index}")] = endpoint;
            context.EnvironmentVariables[$"{Shouted(service)}_{Shouted(endpoint.EndpointName)}"] = endpoint;
        }
    }

    private static string Shouted(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_'));
}
