namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project, run as it was built.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

public static class ProjectResourceExtensions
{
    /// <summary>What is known about the project: where it lies, how it was built.</summary>
    public static IProjectMetadata GetProjectMetadata(this ProjectResource projectResource)
    {
        ArgumentNullException.ThrowIfNull(projectResource);
        return projectResource.Annotations.OfType<IProjectMetadata>().Single();
    }
}
