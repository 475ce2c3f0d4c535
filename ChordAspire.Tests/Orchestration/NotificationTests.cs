using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChordAspire.Tests.Orchestration;

public class NotificationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Running", null)]
    [InlineData("Running", HealthStatus.Healthy)]
    [InlineData("Running", HealthStatus.Unhealthy)]
    [InlineData("Finished", HealthStatus.Healthy)]
    [InlineData(null, null)]
    public void Health_means_something_only_while_running(string? state, HealthStatus? reported)
    {
        CustomResourceSnapshot snapshot = new()
        {
            ResourceType = "Executable",
            Properties = [],
            State = state,
            HealthReports = reported is null ? [] : [new HealthReportSnapshot("check", reported, null, null)],
        };
        Assert.Equal(state == "Running" ? reported ?? HealthStatus.Healthy : null, snapshot.HealthStatus);
    }

    [Fact]
    public void A_check_that_has_not_answered_counts_as_unhealthy()
    {
        CustomResourceSnapshot snapshot = new()
        {
            ResourceType = "Executable",
            Properties = [],
            State = "Running",
            HealthReports = [new("first", HealthStatus.Healthy, null, null), new("second", null, null, null)],
        };
        Assert.Equal(HealthStatus.Unhealthy, snapshot.HealthStatus);
    }

    [Fact]
    public async Task A_wait_ends_at_once_when_the_state_is_there_already()
    {
        (DistributedApplication application, IResource peer) = Application();
        await application.ShowAsync(peer, "Running");
        await application.ResourceNotifications.WaitForResourceAsync("PEER-0", cancellationToken: Cancel);
        Assert.Equal("Running", await application.ResourceNotifications.WaitForResourceAsync("peer-0", ["Finished", "Running"], Cancel));
    }

    [Fact]
    public async Task A_wait_ends_when_the_state_comes()
    {
        (DistributedApplication application, IResource peer) = Application();
        Task waiting = application.ResourceNotifications.WaitForResourceAsync("peer-0", "Finished", Cancel);
        await application.ShowAsync(peer, "Running");
        Assert.False(waiting.IsCompleted);
        await application.ShowAsync(peer, "Finished");
        await waiting;
    }

    [Fact]
    public async Task A_wait_that_is_given_up_says_what_it_saw_last()
    {
        (DistributedApplication application, IResource peer) = Application();
        await application.ShowAsync(peer, "Starting");
        using var soon = new CancellationTokenSource();
        Task waiting = application.ResourceNotifications.WaitForResourceAsync("peer-0", "Running", soon.Token);
        await soon.CancelAsync();
        Assert.Contains("'Starting'", (await Assert.ThrowsAsync<OperationCanceledException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Finished")]
    [InlineData("Exited")]
    [InlineData("FailedToStart")]
    public async Task Waiting_for_health_stops_at_the_end_of_the_resource_only_if_told_to(string end)
    {
        (DistributedApplication application, IResource peer) = Application();
        await application.ShowAsync(peer, end);
        await Assert.ThrowsAsync<DistributedApplicationException>(
            () => application.ResourceNotifications.WaitForResourceHealthyAsync("peer-0", WaitBehavior.StopOnResourceUnavailable, Cancel));
        Task<ResourceEvent> patient =
            application.ResourceNotifications.WaitForResourceHealthyAsync("peer-0", WaitBehavior.WaitOnResourceUnavailable, Cancel);
        await application.ResourceNotifications.PublishUpdateAsync(peer, before => before with { State = "Running", Ready = Task.CompletedTask });
        Assert.Equal(HealthStatus.Healthy, (await patient).Snapshot.HealthStatus);
    }

    [Fact]
    public async Task Waiting_for_health_waits_for_the_ready_handlers_too()
    {
        (DistributedApplication application, IResource peer) = Application();
        var handlers = new TaskCompletionSource();
        Task waiting = application.ResourceNotifications.WaitForResourceHealthyAsync("peer-0", Cancel);
        await application.ResourceNotifications.PublishUpdateAsync(peer, before => before with { State = "Running", Ready = handlers.Task });
        Assert.False(waiting.IsCompleted);
        handlers.SetResult();
        await waiting;
    }

    [Fact]
    public async Task Waiting_for_the_health_of_nobody_is_refused() =>
        await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            Application().Application.ResourceNotifications.WaitForResourceHealthyAsync("peer-9", WaitBehavior.StopOnResourceUnavailable, Cancel));

    [Fact]
    public async Task Whoever_watches_sees_what_is_and_then_every_change_in_order()
    {
        (DistributedApplication application, IResource peer) = Application();
        await application.ShowAsync(peer, "0");
        await using IAsyncEnumerator<ResourceEvent> seen = application.ResourceNotifications.WatchAsync(Cancel).GetAsyncEnumerator(Cancel);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(await seen.MoveNextAsync());
            Assert.Equal($"{i}", seen.Current.Snapshot.State!.Text);
            await application.ShowAsync(peer, $"{i + 1}");
        }
    }

    [Fact]
    public async Task A_command_shows_the_state_it_has_for_the_newest_snapshot()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResource peer = builder.AddProgram().WithCommand("kill", "Kill", _ => Task.FromResult(CommandResults.Success()), new CommandOptions
        {
            UpdateState = context => context.ResourceSnapshot.State?.Text == "Running" ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
        }).Resource;
        await using DistributedApplication application = builder.BuildKnown();
        (string, ResourceCommandState)[] states = [("Running", ResourceCommandState.Enabled), ("Finished", ResourceCommandState.Hidden)];
        foreach ((string state, ResourceCommandState expected) in states)
        {
            await application.ShowAsync(peer, state);
            Assert.True(application.ResourceNotifications.TryGetCurrentState("peer-0", out ResourceEvent? now));
            Assert.Equal(expected, Assert.Single(now.Snapshot.Commands).State);
        }
    }

    private static (DistributedApplication Application, IResource Peer) Application()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResource peer = builder.AddProgram().Resource;
        return (builder.BuildKnown(), peer);
    }
}
