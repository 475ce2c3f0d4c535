namespace Aspire.Hosting.ApplicationModel;

/// <summary>Started by command only.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Names a registered health check that speaks for the resource.</summary>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    public string Key { get; } = key;
}

/// <summary>Drawn as a line between two resources.</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public string Type { get; } = type;
}

/// <summary>The icon beside the resource's name, from the Fluent set.</summary>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    public string IconName { get; } = iconName;

    public IconVariant IconVariant { get; } = iconVariant;
}

/// <summary>Sends its telemetry to the dashboard.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation
{
    /// <summary>The only protocol the resource can speak; null when it does not mind.</summary>
    public OtlpProtocol? RequiredProtocol { get; init; }
}

/// <summary>The name under which the orchestrator knows the one process of a resource.</summary>
internal sealed class InstanceAnnotation(string name, string suffix) : IResourceAnnotation
{
    public string Name { get; } = name;

    public string Suffix { get; } = suffix;
}
