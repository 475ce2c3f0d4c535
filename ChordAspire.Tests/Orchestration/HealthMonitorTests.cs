using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ChordAspire.Tests.Orchestration;

public class HealthMonitorTests
{
    private readonly HandRungTime _time = new();
    private int _ready;
    private volatile bool _isHealthy;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checks_come_after_one_second_more_each_time_until_healthy_and_then_every_thirty()
    {
        (DistributedApplication application, IResource peer) = await WatchedAsync();
        await application.ShowAsync(peer, "Running");
        foreach (int seconds in (int[])[1, 2, 3, 4, 5, 5])
            Assert.Equal(TimeSpan.FromSeconds(seconds), await _time.RingNextAsync(Cancel));
        _isHealthy = true;

        // One more may have been under way.
        TimeSpan pause = await _time.RingNextAsync(Cancel);
        Assert.Contains(pause.TotalSeconds, (double[])[5, 30]);
        Assert.Equal(TimeSpan.FromSeconds(30), await _time.RingNextAsync(Cancel));
    }

    [Fact]
    public async Task Ready_is_announced_once_per_start()
    {
        _isHealthy = true;
        (DistributedApplication application, IResource peer) = await WatchedAsync();
        for (int start = 1; start <= 2; start++)
        {
            await application.ShowAsync(peer, "Running");
            await application.ResourceNotifications.WaitForResourceHealthyAsync("peer-0", Cancel);
            await _time.RingNextAsync(Cancel);
            await _time.RingNextAsync(Cancel);
            Assert.Equal(start, _ready);
            await application.ResourceNotifications.PublishUpdateAsync(peer, before => before with { State = "Finished", Ready = null });
        }
    }

    [Fact]
    public async Task A_check_that_nobody_registered_is_refused_by_name()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        builder.AddProgram().WithHealthCheck("unheard-of");
        await using DistributedApplication application = builder.BuildKnown();
        HealthMonitor monitor = Monitor(application);
        string message = (await Assert.ThrowsAsync<DistributedApplicationException>(() => monitor.StartAsync(Cancel))).Message;
        Assert.Contains("'unheard-of'", message, StringComparison.Ordinal);
        Assert.Contains("'peer-0'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_cannot_be_made_is_told_and_tried_again()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddHealthChecks().Add(
            new HealthCheckRegistration("check", _ => throw new InvalidOperationException("no such service"), failureStatus: null, tags: null));
        IResource peer = builder.AddProgram().WithHealthCheck("check").Resource;
        await using DistributedApplication application = builder.BuildKnown();
        await Monitor(application).StartAsync(Cancel);
        await application.ShowAsync(peer, "Running");
        Assert.Equal(TimeSpan.FromSeconds(1), await _time.RingNextAsync(Cancel));
        Assert.Equal(TimeSpan.FromSeconds(2), await _time.RingNextAsync(Cancel));
        Assert.True(application.ResourceNotifications.TryGetCurrentState("peer-0", out ResourceEvent? now));
        HealthReportSnapshot report = Assert.Single(now.Snapshot.HealthReports);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("no such service", report.ExceptionText, StringComparison.Ordinal);
        Assert.NotNull(report.LastRunAt);
    }

    private static HealthMonitor Monitor(DistributedApplication application) =>
        application.Services.GetServices<IHostedService>().OfType<HealthMonitor>().Single();

    private async Task<(DistributedApplication Application, IResource Peer)> WatchedAsync()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddHealthChecks().AddCheck("check", () => _isHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        IResource peer = builder.AddProgram().WithHealthCheck("check").OnResourceReady((_, _, _) =>
        {
            Interlocked.Increment(ref _ready);
            return Task.CompletedTask;
        }).Resource;
        DistributedApplication application = builder.BuildKnown();
        await Monitor(application).StartAsync(Cancel);
        return (application, peer);
    }
}
