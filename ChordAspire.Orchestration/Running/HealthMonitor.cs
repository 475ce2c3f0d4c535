using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Running;

/// <summary>Runs the health checks of whatever runs, and announces each resource that has become ready.</summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService checks,
    IDistributedApplicationEventing eventing,
    DistributedApplicationModel model,
    IOptions<HealthCheckServiceOptions> registered,
    IServiceProvider services,
    TimeProvider time,
    ILogger<HealthMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan WhenHealthy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnhealthyStep = TimeSpan.FromSeconds(1);
    private const int UnhealthyStepsMax = 5;

    private readonly Dictionary<string, CancellationTokenSource> _watched = new(StringComparer.OrdinalIgnoreCase);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        HashSet<string> known = [.. registered.Value.Registrations.Select(check => check.Name)];
        foreach (IResource resource in model.Resources)
        {
            if (resource.Annotations.OfType<HealthCheckAnnotation>().FirstOrDefault(check => !known.Contains(check.Key)) is { } missing)
                throw new DistributedApplicationException(
                    $"The health check '{missing.Key}' of resource '{resource.Name}' is not registered with Services.AddHealthChecks().");
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (ResourceEvent change in notifications.WatchAsync(stoppingToken))
                Follow(change, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
        finally
        {
            foreach (CancellationTokenSource watch in _watched.Values)
                watch.Cancel();
        }
    }

    private void Follow(ResourceEvent change, CancellationToken stoppingToken)
    {
        bool runs = change.Snapshot.State?.Text == KnownResourceStates.Running;
        if (runs && !_watched.ContainsKey(change.ResourceId))
        {
            var ends = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _watched[change.ResourceId] = ends;
            _ = WatchOverAsync(change.Resource, ends.Token);
        }
        else if (!runs && _watched.Remove(change.ResourceId, out CancellationTokenSource? watch))
        {
            watch.Cancel();
            watch.Dispose();
        }
    }

    private async Task WatchOverAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            HashSet<string> keys = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key)];
            if (keys.Count == 0)
                await AnnounceReadyAsync(resource, cancellationToken);
            else
                await CheckAgainAndAgainAsync(resource, keys, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // It does not run any more.
        }
#pragma warning disable CA1031 // A handler or check of the user's may throw anything; one resource must not end the watch over the others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.HealthWatchFailed(logger, failure, resource.Name);
        }
    }

    private async Task CheckAgainAndAgainAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        int unhealthyInARow = 0;
        Task? ready = null;
        while (true)
        {
            HealthReport report = await CheckAsync(keys, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await PublishAsync(resource, report);
            unhealthyInARow = report.Status == HealthStatus.Healthy ? 0 : unhealthyInARow + 1;
            if (unhealthyInARow == 0)
                ready ??= AnnounceReadyAsync(resource, cancellationToken);
            TimeSpan pause = unhealthyInARow == 0 ? WhenHealthy : UnhealthyStep * Math.Min(UnhealthyStepsMax, unhealthyInARow);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>A check that cannot even be made is an answer, too, and is tried again.</summary>
    private async Task<HealthReport> CheckAsync(HashSet<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await checks.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken);
        }
#pragma warning disable CA1031 // A check's factory is the user's and may throw anything.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Which of them it was cannot be told.
            var entry = new HealthReportEntry(HealthStatus.Unhealthy, "The health check could not be made.", TimeSpan.Zero, failure, data: null);
            return new HealthReport(keys.ToDictionary(key => key, _ => entry), TimeSpan.Zero);
        }
    }

    private Task PublishAsync(IResource resource, HealthReport report)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        Dictionary<string, HealthReportSnapshot> newest = report.Entries.ToDictionary(entry => entry.Key, entry => Snapshot(entry.Key, entry.Value));

        // In the order in which they were shown so far. A report that comes after the end says nothing about the next start.
        return PublishIfRunningAsync(resource, before => before with
        {
            HealthReports =
            [
                .. before.HealthReports.Select(known => newest.GetValueOrDefault(known.Name, known)),
                .. newest.Values.Where(made => before.HealthReports.All(known => known.Name != made.Name)),
            ],
        });

        HealthReportSnapshot Snapshot(string key, HealthReportEntry entry) =>
            new(key, entry.Status, entry.Description, entry.Exception?.ToString()) { LastRunAt = now };
    }

    private Task PublishIfRunningAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        notifications.PublishUpdateAsync(resource, before => before.State?.Text == KnownResourceStates.Running ? change(before) : before);

    private async Task AnnounceReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        Task handlers = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
        await PublishIfRunningAsync(resource, before => before with { Ready = handlers });
        await handlers;
    }
}
