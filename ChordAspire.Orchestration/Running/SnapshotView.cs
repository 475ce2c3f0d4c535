using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Running;

/// <summary>How a process looks from outside, at each stage. What others have added to a snapshot (properties of theirs) is left alone.</summary>
internal sealed class SnapshotView(IResource resource, ImmutableArray<UrlSnapshot> urls)
{
    internal const string PidProperty = "executable.pid";
    internal const string ExitCodeProperty = "resource.exitCode";
    private const string PathProperty = "executable.path";
    private const string FolderProperty = "executable.workDir";
    private const string ArgsProperty = "executable.args";
    private const string ParentProperty = "resource.parentName";

    internal static async Task<SnapshotView> CreateAsync(IResource resource, IServiceProvider services, CancellationToken cancellationToken) =>
        new(resource, await ResourceUrls.CollectAsync(resource, services, cancellationToken));

    internal CustomResourceSnapshot Initial(CustomResourceSnapshot before, DateTime now, bool startsByItself) => before with
    {
        ResourceType = resource is ProjectResource ? "Project" : "Executable",
        CreationTimeStamp = now,
        State = startsByItself ? before.State : KnownResourceStates.NotStarted,
        Urls = urls,
        HealthReports = Unanswered(resource),
        Relationships =
        [
            .. resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .Select(line => new RelationshipSnapshot(line.Resource.Name, line.Type)).Distinct(),
        ],
        Properties = Set(before.Properties, [.. Known()]),
    };

    private IEnumerable<(string Name, object? Value)> Known()
    {
        if (resource is ProjectResource project)
            yield return ("project.path", project.GetProjectMetadata().ProjectPath);
        if (resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(line => line.Type == RelationshipTypes.Parent) is { } parent)
            yield return (ParentProperty, parent.Resource.InstanceName());
    }

    internal static CustomResourceSnapshot Starting(CustomResourceSnapshot before, IResource resource) => before with
    {
        State = KnownResourceStates.Starting,
        ExitCode = null,
        StartTimeStamp = null,
        StopTimeStamp = null,
        HealthReports = Unanswered(resource),
        Ready = null,
        Properties = [.. before.Properties.Where(property => property.Name is not (PidProperty or ExitCodeProperty))],
        Urls = [.. before.Urls.Select(url => url with { IsInactive = true })],
    };

    internal static CustomResourceSnapshot Described(CustomResourceSnapshot before, DcpExecutable executable) => before with
    {
        EnvironmentVariables =
        [
            .. executable.Spec.Env?.Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, IsFromSpec: true)) ?? [],
        ],
        Properties = Set(
            before.Properties,
            (PathProperty, executable.Spec.ExecutablePath),
            (FolderProperty, executable.Spec.WorkingDirectory),
            (ArgsProperty, executable.Spec.Args?.ToImmutableArray() ?? [])),
    };

    internal static CustomResourceSnapshot Of(CustomResourceSnapshot before, DcpExecutable executable)
    {
        string state = StateOf(executable.Status?.State);
        int? exitCode = executable.Status?.ExitCode;
        ImmutableArray<ResourcePropertySnapshot> properties = before.Properties;
        if (executable.Status?.Pid is { } pid)
            properties = Set(properties, (PidProperty, pid));
        if (exitCode is { } code)
            properties = Set(properties, (ExitCodeProperty, code));
        return before with
        {
            State = state,
            ExitCode = exitCode,
            StartTimeStamp = executable.Status?.StartupTimestamp?.UtcDateTime,
            StopTimeStamp = executable.Status?.FinishTimestamp?.UtcDateTime,
            Urls = [.. before.Urls.Select(url => url with { IsInactive = state != KnownResourceStates.Running })],
            Properties = properties,
        };
    }

    private static string StateOf(string? dcpState) => dcpState switch
    {
        null or "" => KnownResourceStates.Starting,
        DcpExecutableState.Terminated => KnownResourceStates.Exited,
        _ => dcpState,
    };

    private static ImmutableArray<HealthReportSnapshot> Unanswered(IResource resource) =>
    [
        .. resource.Annotations.OfType<HealthCheckAnnotation>()
            .Select(check => new HealthReportSnapshot(check.Key, Status: null, Description: null, ExceptionText: null)),
    ];

    private static ImmutableArray<ResourcePropertySnapshot> Set(
        ImmutableArray<ResourcePropertySnapshot> properties, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var after = properties.ToBuilder();
        foreach ((string name, object? value) in values)
        {
            var property = new ResourcePropertySnapshot(name, value);
            if (after.FirstOrDefault(known => known.Name == name) is { } earlier)
                after[after.IndexOf(earlier)] = property;
            else
                after.Add(property);
        }

        return after.ToImmutable();
    }
}
