using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Running;

/// <summary>How a process looks from outside, at each stage. What others have added to a snapshot (properties of theirs) is left alone.</summary>
internal sealed class SnapshotView(IResource resource, ImmutableArray<UrlSnapshot> urls)
{
    internal static async Task<SnapshotView> CreateAsync(IResource resource, IServiceProvider services, CancellationToken cancellationToken) =>
        new(resource, await ResourceUrls.CollectAsync(resource, services, cancellationToken));

    internal CustomResourceSnapshot Initial(CustomResourceSnapshot before, DateTime now, bool startsByItself) => before with
    {
        ResourceType = TypeOf(resource),
        CreationTimeStamp = now,
        State = startsByItself ? before.State : KnownResourceStates.NotStarted,
        Urls = urls,
        HealthReports = Unanswered(resource),
        Relationships =
        [
            .. resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .Select(line => new RelationshipSnapshot(line.Resource.Name, line.Type)).Distinct(),
        ],
        Properties = before.Properties.With([.. Lasting()]),
    };

    internal static CustomResourceSnapshot Starting(CustomResourceSnapshot before, IResource resource) => before with
    {
        State = KnownResourceStates.Starting,
        ExitCode = null,
        StartTimeStamp = null,
        StopTimeStamp = null,
        HealthReports = Unanswered(resource),
        Ready = null,
        Properties = before.Properties.Without(KnownProperties.Pid),
        Urls = [.. before.Urls.Select(url => url with { IsInactive = true })],
    };

    internal static CustomResourceSnapshot Described(CustomResourceSnapshot before, DcpExecutable executable)
    {
        ImmutableArray<string> args = executable.Spec.Args?.ToImmutableArray() ?? [];
        ImmutableArray<string> given = [.. args.Skip(ProcessSpecBuilder.ArgsBeforeTheAppHosts(executable))];
        return before with
        {
            // Only what this host sets: what a process inherits is nobody's business.
            EnvironmentVariables =
            [
                .. (executable.Spec.Env ?? []).OrderBy(variable => variable.Name, StringComparer.Ordinal)
                    .Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, IsFromSpec: true)),
            ],
            Properties = before.Properties.With(
                Known(KnownProperties.Path, executable.Spec.ExecutablePath),
                Known(KnownProperties.Folder, executable.Spec.WorkingDirectory),
                Known(KnownProperties.Args, args),
                Known(KnownProperties.AppArgs, given),
                Known(KnownProperties.AppArgsSensitivity, given.Select(_ => 0).ToImmutableArray())),
        };

        ResourcePropertySnapshot Known(string name, object? value) => KnownProperties.Of(before.ResourceType, name, value);
    }

    internal static CustomResourceSnapshot Of(CustomResourceSnapshot before, DcpExecutable executable)
    {
        string state = StateOf(executable.Status?.State);
        return before with
        {
            State = state,
            ExitCode = executable.Status?.ExitCode,
            StartTimeStamp = executable.Status?.StartupTimestamp?.UtcDateTime,
            StopTimeStamp = executable.Status?.FinishTimestamp?.UtcDateTime,
            Urls = [.. before.Urls.Select(url => url with { IsInactive = state != KnownResourceStates.Running })],
            Properties = executable.Status?.Pid is { } pid
                ? before.Properties.With(KnownProperties.Of(before.ResourceType, KnownProperties.Pid, pid))
                : before.Properties,
        };
    }

    private static string TypeOf(IResource resource) => resource is ProjectResource ? KnownProperties.Project : KnownProperties.Executable;

    private IEnumerable<ResourcePropertySnapshot> Lasting()
    {
        if (resource is ProjectResource project)
        {
            yield return KnownProperties.Of(KnownProperties.Project, KnownProperties.ProjectPath, project.GetProjectMetadata().ProjectPath);
            string? profile = project.Annotations.OfType<LaunchProfileInUseAnnotation>().LastOrDefault()?.Name;
            yield return KnownProperties.Of(KnownProperties.Project, KnownProperties.LaunchProfile, profile);
        }

        if (resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(line => line.Type == RelationshipTypes.Parent) is { } parent)
            yield return new ResourcePropertySnapshot(KnownProperties.Parent, parent.Resource.InstanceName());
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
}
