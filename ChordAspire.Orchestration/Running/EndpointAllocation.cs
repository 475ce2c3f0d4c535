using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Gives every endpoint its port, before anything starts, so that resources can be told about each other in any order.</summary>
internal static class EndpointAllocation
{
    /// <returns>The ports that were chosen, as opposed to given.</returns>
    internal static IReadOnlyList<int> AllocateAll(DistributedApplicationModel model, PortAllocator ports)
    {
        var chosen = new List<int>();
        foreach (IResource resource in model.Resources)
        {
            foreach (EndpointAnnotation endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                if (endpoint.AllocatedEndpoint is not null)
                    continue;
                Refuse(resource, endpoint);
                int port = endpoint.Port is > 0 ? endpoint.Port.Value : endpoint.TargetPort is > 0 ? endpoint.TargetPort.Value : Choose();
                endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, port, port.ToString(CultureInfo.InvariantCulture));
            }
        }

        return chosen;

        int Choose()
        {
            int port = ports.Allocate();
            chosen.Add(port);
            return port;
        }
    }

    /// <summary>The first endpoint whose port somebody else listens on, in words; null when all are free.</summary>
    internal static string? Taken(IResource resource)
    {
        AllocatedEndpoint? taken = resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.AllocatedEndpoint)
            .FirstOrDefault(allocated => allocated is not null && !PortAllocator.IsFree(allocated.Port));
        return taken is null
            ? null
            : $"Port {taken.Port} of endpoint '{taken.Endpoint.Name}' of resource '{resource.Name}' is in use by "
                + $"{PortHolder.Describe(taken.Port)}. End that process, or give the endpoint another port.";
    }

    private static void Refuse(IResource resource, EndpointAnnotation endpoint)
    {
        if (endpoint.IsProxied)
        {
            throw new DistributedApplicationException(
                $"Endpoint '{endpoint.Name}' of resource '{resource.Name}' asks for a proxy. "
                + "This host starts none: declare the endpoint with isProxied: false.");
        }

        if (endpoint.Port is > 0 && endpoint.TargetPort is > 0 && endpoint.Port != endpoint.TargetPort)
        {
            throw new DistributedApplicationException(
                $"Endpoint '{endpoint.Name}' of resource '{resource.Name}' has port {endpoint.Port} and target port {endpoint.TargetPort}; "
                + "without a proxy they must be equal.");
        }
    }
}
