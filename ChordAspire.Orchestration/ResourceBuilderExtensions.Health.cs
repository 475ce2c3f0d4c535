using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Lets a check registered with <c>Services.AddHealthChecks()</c> speak for the resource.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(check => check.Key == key))
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' has a health check '{key}' already.");
        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>Healthy is whoever answers a GET with this status.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Null stands for the root.</param>
    /// <param name="statusCode">Null stands for 200.</param>
    /// <param name="endpointName">Null stands for the first https endpoint, or else the first http one.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        T resource = builder.Resource;
        return builder.WithHttpHealthCheck(() => endpointName is null ? FirstHttp(resource) : resource.GetEndpoint(endpointName), path, statusCode);
    }

    /// <inheritdoc cref="WithHttpHealthCheck{T}(IResourceBuilder{T}, string?, int?, string?)"/>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, Func<EndpointReference>? endpointSelector, string? path = null, int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        EndpointReference endpoint = (endpointSelector ?? (() => FirstHttp(builder.Resource)))();
        path ??= "/";
        int expected = statusCode ?? 200;
        if (!endpoint.Exists || endpoint.Scheme is not ("http" or "https"))
        {
            throw new DistributedApplicationException(
                $"An HTTP health check of resource '{builder.Resource.Name}' needs an http endpoint, declared before it; "
                + $"'{endpoint.EndpointName}' is none.");
        }

        string key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{expected}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(
            new HealthCheckRegistration(key, _ => new HttpHealthCheck(endpoint, path, expected), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }

    private static EndpointReference FirstHttp(IResourceWithEndpoints resource)
    {
        EndpointReference[] endpoints = [.. resource.GetEndpoints()];
        return endpoints.FirstOrDefault(endpoint => endpoint.IsHttps)
            ?? endpoints.FirstOrDefault(endpoint => endpoint.IsHttp)
            ?? resource.GetEndpoint("http");
    }
}
