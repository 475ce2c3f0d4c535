using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>How a project is to be taken into the application.</summary>
public class ProjectResourceOptions
{
    /// <summary>Null stands for the AppHost's own profile name, or else the first of the project's profiles.</summary>
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }
}

public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the AppHost references.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    /// <summary>As above, with this launch profile; null uses none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, options => Choose(options, launchProfileName));

    /// <inheritdoc cref="AddProject{TProject}(IDistributedApplicationBuilder, string)"/>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), configure);

    /// <summary>Adds a project by its file, or by the folder that holds it, relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath) =>
        builder.AddProject(name, projectPath, _ => { });

    /// <summary>As above, with this launch profile; null uses none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath, string? launchProfileName) =>
        builder.AddProject(name, projectPath, options => Choose(options, launchProfileName));

    /// <inheritdoc cref="AddProject(IDistributedApplicationBuilder, string, string)"/>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath, Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(projectPath);
        return Add(builder, name, new ProjectByPath(Path.GetFullPath(projectPath, builder.AppHostDirectory)), configure);
    }

    private static void Choose(ProjectResourceOptions options, string? launchProfileName)
    {
        options.LaunchProfileName = launchProfileName;
        options.ExcludeLaunchProfile = launchProfileName is null;
    }

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder, string name, IProjectMetadata project, Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ProjectResourceOptions();
        configure(options);
        IResourceBuilder<ProjectResource> added = builder.AddResource(new ProjectResource(name)).WithAnnotation(project);
        return ProjectDefaults.Apply(added, project, options);
    }
}
