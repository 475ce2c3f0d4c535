using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The properties that the dashboard and other readers of a resource know by name, and how those of a process are shown.</summary>
internal static class KnownProperties
{
    internal const string Project = "Project";
    internal const string Executable = "Executable";

    internal const string ProjectPath = "project.path";
    internal const string LaunchProfile = "project.launchProfile";
    internal const string Path = "executable.path";
    internal const string Folder = "executable.workDir";
    internal const string Args = "executable.args";
    internal const string Pid = "executable.pid";

    /// <summary>The arguments that the AppHost gave, without those that only bring the program up. Shown beside the source.</summary>
    internal const string AppArgs = "resource.appArgs";

    /// <summary>For each of <see cref="AppArgs"/>: 1 if it is to be masked.</summary>
    internal const string AppArgsSensitivity = "resource.appArgsSensitivity";

    /// <summary>The instance below whose row this one stands.</summary>
    internal const string Parent = "resource.parentName";

    /// <summary>The instances that a waiting resource waits for.</summary>
    internal const string WaitingFor = "resource.waitingFor";

    /// <summary>A property with the name and the place under which people find it. Arguments are masked until somebody asks for them.</summary>
    internal static ResourcePropertySnapshot Of(string resourceType, string name, object? value)
    {
        (string? shown, int? order) = (resourceType, name) switch
        {
            (Project, ProjectPath) => ("Project path", 0),
            (Project, LaunchProfile) => ("Launch profile", 1),
            (Project, Pid) => ("Process ID", 2),
            (Executable, Path) => ("Executable path", 0),
            (Executable, Folder) => ("Working directory", 1),
            (Executable, Args) => ("Executable arguments", 2),
            (Executable, Pid) => ("Process ID", 3),
            _ => ((string?)null, (int?)null),
        };
        return new ResourcePropertySnapshot(name, value)
        {
            DisplayName = shown,
            IsHighlighted = shown is not null,
            SortOrder = order,
            IsSensitive = name == Args,
        };
    }

    internal static ImmutableArray<ResourcePropertySnapshot> With(
        this ImmutableArray<ResourcePropertySnapshot> properties, params IReadOnlyList<ResourcePropertySnapshot> changed)
    {
        var after = properties.ToBuilder();
        foreach (ResourcePropertySnapshot property in changed)
        {
            int place = after.Select(known => known.Name).ToList().IndexOf(property.Name);
            if (place < 0)
                after.Add(property);
            else
                after[place] = property;
        }

        return after.ToImmutable();
    }

    internal static ImmutableArray<ResourcePropertySnapshot> Without(this ImmutableArray<ResourcePropertySnapshot> properties, string name) =>
        properties.RemoveAll(property => property.Name == name);
}
