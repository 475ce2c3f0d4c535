using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChordAspire.Tests.Orchestration;

public class SnapshotViewTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_is_described_by_its_path_its_folder_and_its_arguments_which_are_masked()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResource peer = builder.AddProgram().WithArgs("--port", "7").WithEnvironment("b", "2").WithEnvironment("a", "1").Resource;
        CustomResourceSnapshot shown = await DescribedAsync(builder, peer, "Executable");

        ResourcePropertySnapshot path = shown.Properties.Single(property => property.Name == "executable.path");
        ResourcePropertySnapshot args = shown.Properties.Single(property => property.Name == "executable.args");
        Assert.Equal(("Executable path", true, 0), (path.DisplayName, path.IsHighlighted, path.SortOrder));
        Assert.Equal(("Executable arguments", true, 2), (args.DisplayName, args.IsSensitive, args.SortOrder));
        Assert.Equal(["--port", "7"], Assert.IsType<IEnumerable<string>>(shown.Properties.Single(property => property.Name == "resource.appArgs").Value, exactMatch: false));
        Assert.Equal(["a", "b"], shown.EnvironmentVariables.Select(variable => variable.Name));
        Assert.All(shown.EnvironmentVariables, variable => Assert.True(variable.IsFromSpec));
    }

    [Fact]
    public async Task A_child_names_its_parent_and_every_line_to_others_is_drawn()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> first = builder.AddProgram();
        IResource second = builder.AddProgram("peer-1").WithParentRelationship(first).WithReferenceRelationship(first.Resource).WaitFor(first).Resource;
        await using DistributedApplication application = builder.BuildKnown();
        SnapshotView view = await SnapshotView.CreateAsync(second, application.Services, Cancel);
        CustomResourceSnapshot shown = view.Initial(Nothing("Executable"), DateTime.UnixEpoch, startsByItself: true);

        Assert.Equal(first.Resource.InstanceName(), shown.Properties.Single(property => property.Name == "resource.parentName").Value);
        Assert.Equal(["Parent", "Reference", "WaitFor"], shown.Relationships.Select(line => line.Type));
        Assert.All(shown.Relationships, line => Assert.Equal("peer-0", line.ResourceName));
    }

    [Fact]
    public async Task Whoever_waits_says_for_whom_and_no_longer_when_it_does_not()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> first = builder.AddProgram(), second = builder.AddProgram("peer-1");
        IResource waiter = builder.AddProgram("peer-2").WaitForStart(first).WaitForStart(second).Resource;
        await using DistributedApplication application = builder.BuildKnown();
        Task waiting = application.ResourceNotifications.WaitForDependenciesAsync(waiter, Cancel);
        await WaitsForAsync(first.Resource, second.Resource);
        await application.ShowAsync(first.Resource, "Running");
        await WaitsForAsync(second.Resource);
        await application.ShowAsync(second.Resource, "Running");
        await waiting;
        await application.ShowAsync(waiter, "Starting");
        Assert.True(application.ResourceNotifications.TryGetCurrentState("peer-2", out ResourceEvent? now));
        Assert.DoesNotContain(now.Snapshot.Properties, property => property.Name == "resource.waitingFor");

        Task WaitsForAsync(params IResource[] others) => application.ResourceNotifications.WaitForResourceAsync(
            "peer-2",
            seen => seen.Snapshot.Properties.SingleOrDefault(property => property.Name == "resource.waitingFor")?.Value is string[] names
                && names.SequenceEqual(others.Select(other => other.InstanceName())),
            Cancel);
    }

    private static async Task<CustomResourceSnapshot> DescribedAsync(IDistributedApplicationBuilder builder, IResource resource, string type)
    {
        await using DistributedApplication application = builder.BuildKnown();
        DcpExecutable executable = await application.The<ProcessSpecBuilder>().BuildAsync(resource, NullLogger.Instance, Cancel);
        return SnapshotView.Described(Nothing(type), executable);
    }

    private static CustomResourceSnapshot Nothing(string type) => new() { ResourceType = type, Properties = [] };
}
