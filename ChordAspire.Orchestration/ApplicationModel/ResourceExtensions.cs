using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

public static class ResourceExtensions
{
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    public static bool TryGetAnnotationsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result)
        where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        T[] found = [.. resource.Annotations.OfType<T>()];
        result = found.Length == 0 ? null : found;
        return result is not null;
    }

    public static bool HasAnnotationOfType<T>(this IResource resource)
        where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Annotations.Any(annotation => annotation is T);
    }

    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, [EndpointName] string endpointName) =>
        new(resource, endpointName);

    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint));
    }

    /// <summary>The name under which notifications and commands know the resource.</summary>
    internal static string InstanceName(this IResource resource) =>
        resource.TryGetLastAnnotation(out InstanceAnnotation? instance) ? instance.Name : resource.Name;
}
