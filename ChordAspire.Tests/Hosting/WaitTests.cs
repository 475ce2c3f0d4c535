using System.Threading.Channels;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChordAspire.Tests.Hosting;

/// <summary>Resources that wait for each other, and health.</summary>
public sealed class WaitTests
{
    [Fact]
    public async Task WaitFor_waits_for_health_and_StartAsync_with_it()
    {
        var health = new Health();
        IDistributedApplicationTestingBuilder builder = await SmallApplication.BuilderAsync();
        IResourceBuilder<ExecutableResource> first = builder.AddObedient("first").WithCheck(health);
        builder.AddObedient("second").WaitFor(first);
        builder.AddObedient("hasty").WaitForStart(first);
        var application = new SmallApplication(await builder.BuildAsync(SmallApplication.Cancel));
        await using (application)
        {
            Task starting = application.App.StartAsync(SmallApplication.Cancel);
            await application.WaitAsync(
                "first", seen => seen.HealthStatus == HealthStatus.Unhealthy && seen.HealthReports.Any(report => report.Status is not null));
            await application.ProcessAsync("hasty");
            await application.WaitAsync("second", KnownResourceStates.Waiting);
            Assert.False(starting.IsCompleted);

            health.IsGood = true;
            await application.ProcessAsync("second");
            await starting.WaitAsync(SmallApplication.Patience, TimeProvider.System, SmallApplication.Cancel);
            await application.App.ResourceNotifications.WaitForResourceHealthyAsync("first", SmallApplication.Cancel);
        }
    }

    [Fact]
    public async Task WaitForCompletion_waits_for_the_end_with_the_right_exit_code()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
        {
            IResourceBuilder<ExecutableResource> good = builder.AddShell("good", "exit 3"), bad = builder.AddShell("bad", "exit 4");
            builder.AddObedient("content").WaitForCompletion(good, exitCode: 3);
            builder.AddObedient("disappointed").WaitForCompletion(bad, exitCode: 3);
        });
        await application.ProcessAsync("content");
        await application.WaitAsync("disappointed", KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task Without_a_dashboard_the_end_of_what_is_waited_for_is_the_end_of_the_wait()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
            builder.AddObedient("second").WaitFor(builder.AddExecutable("first", "/no/such/program", "/")));
        await application.WaitAsync("second", KnownResourceStates.FailedToStart);
        await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            application.App.ResourceNotifications.WaitForResourceHealthyAsync("first", SmallApplication.Cancel)
                .WaitAsync(SmallApplication.Patience, TimeProvider.System, SmallApplication.Cancel));
    }

    [Fact]
    public async Task With_a_dashboard_it_waits_on_for_somebody_to_help()
    {
        int attempts = 0;
        var health = new Health();
        IDistributedApplicationTestingBuilder builder = await SmallApplication.BuilderAsync((options, _) => options.DisableDashboard = false);
        IResourceBuilder<ExecutableResource> first = builder
            .AddShell("first", "[ \"$ATTEMPT\" != 1 ] || exit 5; trap 'exit 0' TERM; while :; do sleep 0.05; done")
            .WithEnvironment(context => context.EnvironmentVariables["ATTEMPT"] = $"{++attempts}")
            .WithCheck(health);
        builder.AddObedient("second").WaitFor(first);
        var application = new SmallApplication(await builder.BuildAsync(SmallApplication.Cancel));
        await using (application)
        {
            Task starting = application.App.StartAsync(SmallApplication.Cancel);
            await application.WaitAsync("first", KnownResourceStates.Finished);
            await application.WaitAsync("second", KnownResourceStates.Waiting);
            Assert.False(starting.IsCompleted);

            health.IsGood = true;
            Assert.True((await application.CommandAsync("first", KnownResourceCommands.StartCommand)).Success);
            await application.ProcessAsync("second");
            await starting.WaitAsync(SmallApplication.Patience, TimeProvider.System, SmallApplication.Cancel);
        }
    }

    [Fact]
    public async Task A_resource_is_ready_once_per_start_however_often_its_health_is_checked()
    {
        var health = new Health { IsGood = true };
        var ready = Channel.CreateUnbounded<string>();
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
            builder.AddObedient("first").WithCheck(health).OnResourceReady(async (resource, _, cancellationToken) =>
                await ready.Writer.WriteAsync(resource.Name, cancellationToken)));
        Assert.Equal("first", await NextReadyAsync());
        int process = await application.ProcessAsync("first");

        health.IsGood = false;
        await application.CommandAsync("first", KnownResourceCommands.RestartCommand);
        await application.ProcessAsync("first", otherThan: process);
        int checks = health.Checks;
        await application.WaitAsync("first", _ => health.Checks >= checks + 2);
        Assert.False(ready.Reader.TryRead(out _));

        // That it is healthy is shown before the handlers are called: who has seen the one has not seen the other.
        health.IsGood = true;
        Assert.Equal("first", await NextReadyAsync());
        await application.WaitAsync("first", seen => seen.HealthStatus == HealthStatus.Healthy);
        Assert.False(ready.Reader.TryRead(out _));

        Task<string> NextReadyAsync() =>
            ready.Reader.ReadAsync(SmallApplication.Cancel).AsTask().WaitAsync(SmallApplication.Patience, TimeProvider.System, SmallApplication.Cancel);
    }

    [Fact]
    public async Task A_health_check_over_http_reports_under_its_name_while_nobody_answers()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
            builder.AddObedient("deaf").WithHttpEndpoint(name: "http", isProxied: false).WithHttpHealthCheck("/health", 204));
        CustomResourceSnapshot seen = await application.WaitAsync("deaf", seen => seen.HealthReports.Any(report => report.Status is not null));
        HealthReportSnapshot report = Assert.Single(seen.HealthReports);
        Assert.Equal("deaf_http_/health_204_check", report.Name);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Equal(HealthStatus.Unhealthy, seen.HealthStatus);
    }

    [Fact]
    public async Task Nobody_waits_for_itself()
    {
        await using IDistributedApplicationTestingBuilder builder = await SmallApplication.BuilderAsync();
        IResourceBuilder<ExecutableResource> alone = builder.AddObedient("alone");
        Assert.Throws<DistributedApplicationException>(() => alone.WaitFor(alone));
    }
}

/// <summary>Health that the test decides on.</summary>
internal sealed class Health : IHealthCheck
{
    private volatile bool _isGood;
    private int _checks;

    internal bool IsGood
    {
        get => _isGood;
        set => _isGood = value;
    }

    internal int Checks => Volatile.Read(ref _checks);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _checks);
        return Task.FromResult(IsGood ? HealthCheckResult.Healthy("good") : HealthCheckResult.Unhealthy("bad"));
    }
}

internal static class HealthOfResources
{
    internal static IResourceBuilder<T> WithCheck<T>(this IResourceBuilder<T> resource, Health health)
        where T : IResource
    {
        string key = $"{resource.Resource.Name}-health";
        resource.ApplicationBuilder.Services.AddHealthChecks().AddCheck(key, health);
        return resource.WithHealthCheck(key);
    }
}
