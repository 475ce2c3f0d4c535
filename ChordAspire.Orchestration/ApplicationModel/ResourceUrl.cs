using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

public enum UrlDisplayLocation
{
    SummaryAndDetails = 0,
    DetailsOnly = 1,
}

/// <summary>A link shown for the resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    public required string Url { get; set; }

    /// <summary>Shown instead of the URL.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint the link belongs to, if any.</summary>
    public EndpointReference? Endpoint { get; init; }

    public UrlDisplayLocation DisplayLocation { get; set; }
}

/// <summary>Given to a callback that may change the links of a resource.</summary>
public class ResourceUrlsCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    List<ResourceUrlAnnotation>? urls = null,
    CancellationToken cancellationToken = default)
{
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    public IResource Resource { get; } = resource;

    public List<ResourceUrlAnnotation> Urls { get; } = urls ?? [];

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public ILogger Logger { get; set; } = NullLogger.Instance;

    public EndpointReference? GetEndpoint(string name) =>
        (Resource as IResourceWithEndpoints)?.GetEndpoint(name) is { Exists: true } endpoint ? endpoint : null;
}

/// <summary>Runs once the endpoints of the resource are known.</summary>
public sealed class ResourceUrlsCallbackAnnotation : IResourceAnnotation
{
    public ResourceUrlsCallbackAnnotation(Func<ResourceUrlsCallbackContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = callback;
    }

    public ResourceUrlsCallbackAnnotation(Action<ResourceUrlsCallbackContext> callback)
        : this(context =>
        {
            callback(context);
            return Task.CompletedTask;
        })
    {
        ArgumentNullException.ThrowIfNull(callback);
    }

    public Func<ResourceUrlsCallbackContext, Task> Callback { get; }
}
