using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client for one endpoint of a resource; the first https one, or else the first http one, unless named.</summary>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        Uri address = app.GetEndpoint(resourceName, endpointName);
        HttpClient client = app.Services.GetService<IHttpClientFactory>()?.CreateClient() ?? new HttpClient();
        client.BaseAddress = address;
        return client;
    }

    /// <summary>The address of one endpoint of a resource.</summary>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        if (!app.Services.GetRequiredService<DistributedApplicationModel>().Resources.TryGetByName(resourceName, out IResource? resource))
            throw new ArgumentException($"There is no resource '{resourceName}'.", nameof(resourceName));
        if (resource is not IResourceWithEndpoints listener)
            throw new InvalidOperationException($"Resource '{resourceName}' has no endpoints.");

        EndpointReference? endpoint = endpointName is null
            ? (listener.GetEndpoint("https") is { Exists: true } secure ? secure : listener.GetEndpoint("http"))
            : listener.GetEndpoint(endpointName);
        if (endpoint is null || !endpoint.Exists)
        {
            throw new ArgumentException(
                $"Resource '{resourceName}' has no endpoint '{endpointName ?? "https' or 'http"}'; it has: "
                + $"{string.Join(", ", listener.GetEndpoints().Select(known => known.EndpointName))}.", nameof(endpointName));
        }

        return endpoint.IsAllocated
            ? new Uri(endpoint.Url)
            : throw new InvalidOperationException(
                $"Endpoint '{endpoint.EndpointName}' of resource '{resourceName}' has no port yet: start the application first.");
    }
}
