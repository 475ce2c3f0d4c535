using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">A file, or a name to be found along PATH.</param>
    /// <param name="workingDirectory">Relative to the AppHost's folder, or absolute.</param>
    /// <param name="args">Its arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddExecutable(name, command, workingDirectory, args?.Cast<object>().ToArray());

    /// <inheritdoc cref="AddExecutable(IDistributedApplicationBuilder, string, string, string, string[])"/>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string command, string workingDirectory, params object[]? args)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        string folder = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        IResourceBuilder<ExecutableResource> added = builder.AddResource(new ExecutableResource(name, command, folder));
        return args is { Length: > 0 } ? added.WithArgs(args) : added;
    }
}
