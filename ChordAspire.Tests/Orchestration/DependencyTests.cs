using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ChordAspire.Tests.Orchestration;

public class DependencyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_that_waits_says_so_until_the_other_is_ready()
    {
        (DistributedApplication application, IResource first, IResource second) = Application((s, f) => s.WaitFor(f));
        Task waiting = application.ResourceNotifications.WaitForDependenciesAsync(second, Cancel);
        await application.ResourceNotifications.WaitForResourceAsync("second", "Waiting", Cancel);
        await application.ShowAsync(first, "Running");
        Assert.False(waiting.IsCompleted);
        await application.ResourceNotifications.PublishUpdateAsync(first, before => before with { Ready = Task.CompletedTask });
        await waiting;
    }

    [Fact]
    public async Task Waiting_for_a_start_does_not_ask_for_health()
    {
        (DistributedApplication application, IResource first, IResource second) = Application((s, f) => s.WaitForStart(f));
        await application.ShowAsync(first, "Running");
        await application.ResourceNotifications.WaitForDependenciesAsync(second, Cancel);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    public async Task Waiting_for_completion_looks_at_the_exit_code(int exitCode, bool isFine)
    {
        (DistributedApplication application, IResource first, IResource second) = Application((s, f) => s.WaitForCompletion(f));
        await application.ResourceNotifications.PublishUpdateAsync(first, before => before with { State = "Finished", ExitCode = exitCode });
        Exception? refusal = await Record.ExceptionAsync(() => application.ResourceNotifications.WaitForDependenciesAsync(second, Cancel));
        Assert.Equal(isFine, refusal is null);
    }

    [Fact]
    public async Task Without_a_dashboard_a_dependency_that_ended_ends_the_wait()
    {
        (DistributedApplication application, IResource first, IResource second) = Application((s, f) => s.WaitFor(f));
        await application.ShowAsync(first, "FailedToStart");
        string message = (await Assert.ThrowsAsync<DistributedApplicationException>(
            () => application.ResourceNotifications.WaitForDependenciesAsync(second, Cancel))).Message;
        Assert.Contains("'first'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_to_outlast_it_the_wait_goes_on()
    {
        (DistributedApplication application, IResource first, IResource second) =
            Application((s, f) => s.WaitFor(f, WaitBehavior.WaitOnResourceUnavailable));
        await application.ShowAsync(first, "FailedToStart");
        Task waiting = application.ResourceNotifications.WaitForDependenciesAsync(second, Cancel);
        await application.ResourceNotifications.PublishUpdateAsync(first, before => before with { State = "Running", Ready = Task.CompletedTask });
        await waiting;
    }

    [Fact]
    public void Nobody_waits_for_itself()
    {
        IResourceBuilder<ExecutableResource> alone = SomeApplication.Builder().AddProgram();
        Assert.Throws<DistributedApplicationException>(() => alone.WaitFor(alone));
    }

    private static (DistributedApplication Application, IResource First, IResource Second) Application(
        Action<IResourceBuilder<ExecutableResource>, IResourceBuilder<ExecutableResource>> describe)
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> first = builder.AddProgram("first");
        IResourceBuilder<ExecutableResource> second = builder.AddProgram("second");
        describe(second, first);
        return (builder.BuildKnown(), first.Resource, second.Resource);
    }
}
