namespace Aspire.Hosting.ApplicationModel;

/// <summary>Finds the resources that a deferred value is made of.</summary>
internal static class References
{
    internal static IEnumerable<IResource> In(object value) => value switch
    {
        IResource resource => [resource],
        IResourceBuilder<IResource> builder => [builder.Resource],
        IValueWithReferences made => made.References.SelectMany(In).Distinct(),
        _ => [],
    };
}
