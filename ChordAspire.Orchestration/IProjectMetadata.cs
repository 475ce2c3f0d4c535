using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project lies. Implemented by the generated <c>Projects.*</c> classes.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Full path of the project file.</summary>
    public string ProjectPath { get; }

    /// <summary>The project has been built together with the AppHost.</summary>
    public bool SuppressBuild => false;
}
