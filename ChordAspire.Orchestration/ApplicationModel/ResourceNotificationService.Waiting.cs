using System.Collections.Concurrent;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The waits, all built on watching.</summary>
public partial class ResourceNotificationService
{
    /// <summary>Waits for one state, <c>Running</c> unless told otherwise.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState], cancellationToken);

    /// <summary>Waits for one of several states and says which it was.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        string[] states = [.. targetStates];
        ResourceEvent reached = await WaitAsync(
            resourceName,
            seen => seen.Snapshot.State?.Text is { Length: > 0 } state && states.Contains(state, StringComparer.OrdinalIgnoreCase),
            $"reach one of the states [{string.Join(", ", states)}]",
            cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    public Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return WaitAsync(resourceName, predicate, "meet the condition", cancellationToken);
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, _defaultWaitBehavior, cancellationToken);

    /// <summary>Waits until the resource is healthy and its ready handlers have ended.</summary>
    /// <exception cref="DistributedApplicationException">It has ended, or does not exist, and the wait is not to outlast that.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        if (waitBehavior == WaitBehavior.StopOnResourceUnavailable && !IsKnown(resourceName))
            throw new DistributedApplicationException($"There is no resource '{resourceName}' to wait for.");

        ResourceEvent seen = await WaitAsync(
            resourceName,
            change => change.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && HasEnded(change)),
            "become healthy",
            cancellationToken);
        if (seen.Snapshot.HealthStatus != HealthStatus.Healthy)
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy: it is in state '{seen.Snapshot.State?.Text}'{Exit(seen)}.");
        }

        return await UntilReadyAsync(resourceName, cancellationToken);
    }

    /// <summary>Waits for all that the resource was told to wait for, showing it as <c>Waiting</c> meanwhile.</summary>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (!resource.TryGetAnnotationsOfType(out IEnumerable<WaitAnnotation>? waits))
            return;
        var pending = new ConcurrentDictionary<WaitAnnotation, IResource>(waits.Select(wait => KeyValuePair.Create(wait, wait.Resource)));
        await PublishUpdateAsync(resource, before => Naming(pending.Values, before with { State = KnownResourceStates.Waiting }));
        await Task.WhenAll(pending.Keys.Select(async wait =>
        {
            await WaitForOneAsync(resource, wait, cancellationToken);
            pending.TryRemove(wait, out _);
            await PublishUpdateAsync(
                resource, before => before.State?.Text == KnownResourceStates.Waiting ? Naming(pending.Values, before) : before);
        }));
    }

    /// <summary>Says whom a waiting resource still waits for.</summary>
    private static CustomResourceSnapshot Naming(IEnumerable<IResource> pending, CustomResourceSnapshot snapshot)
    {
        string[] names = [.. pending.Select(other => other.InstanceName()).Distinct().Order(StringComparer.Ordinal)];
        return snapshot with { Properties = snapshot.Properties.With(new ResourcePropertySnapshot(KnownProperties.WaitingFor, names)) };
    }

    private async Task WaitForOneAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        string name = wait.Resource.Name;
        Log.Waiting(_loggers.GetLogger(resource), name);
        bool stops = (wait.WaitBehavior ?? _defaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        ResourceEvent seen = wait.WaitType == WaitType.WaitForCompletion
            ? await WaitAsync(name, HasEnded, "complete", cancellationToken)
            : await WaitAsync(name, change => IsRunning(change) || (stops && HasEnded(change)), "start", cancellationToken);

        if (Refusal(wait, seen) is { } reason)
            throw new DistributedApplicationException($"Resource '{resource.Name}' stopped waiting for '{name}': {reason}.");
        if (wait.WaitType == WaitType.WaitUntilHealthy)
            await UntilReadyAsync(name, cancellationToken);
        Log.WaitedFor(_loggers.GetLogger(resource), name);
    }

    private static string? Refusal(WaitAnnotation wait, ResourceEvent seen)
    {
        string? state = seen.Snapshot.State?.Text;
        if (state == KnownResourceStates.FailedToStart)
            return "it failed to start";
        if (wait.WaitType != WaitType.WaitForCompletion)
            return IsRunning(seen) ? null : $"it is in state '{state}'{Exit(seen)} already";
        return seen.Snapshot.ExitCode is { } code && code != wait.ExitCode ? $"it ended with exit code {code}, expected {wait.ExitCode}" : null;
    }

    private async Task<ResourceEvent> UntilReadyAsync(string resourceName, CancellationToken cancellationToken)
    {
        ResourceEvent ready = await WaitAsync(
            resourceName,
            change => change.Snapshot is { Ready: not null, HealthStatus: HealthStatus.Healthy },
            "become ready",
            cancellationToken);
        await ready.Snapshot.Ready!.WaitAsync(cancellationToken);
        return ready;
    }

    private async Task<ResourceEvent> WaitAsync(
        string resourceName, Func<ResourceEvent, bool> met, string aim, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        ResourceEvent? last = null;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _breakdown?.Happened ?? CancellationToken.None);
        try
        {
            await foreach (ResourceEvent change in WatchAsync(resourceName, ends.Token))
            {
                last = change;
                if (met(change))
                    return change;
            }
        }
        catch (OperationCanceledException stopped) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException($"Resource '{resourceName}' did not {aim} in time{Seen(last)}.", stopped, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ended by the breakdown or with the application; told below.
        }

        throw _breakdown?.Reason is { } reason
            ? new DistributedApplicationException($"Resource '{resourceName}' did not {aim}: {reason}{Seen(last)}.")
            : new OperationCanceledException($"Resource '{resourceName}' did not {aim} before the application ended{Seen(last)}.");
    }

    private bool IsKnown(string resourceName) =>
        TryGetCurrentState(resourceName, out _)
        || _services.GetService<DistributedApplicationModel>() is not { } model
        || model.Resources.TryGetByName(resourceName, out _);

    private static bool IsRunning(ResourceEvent seen) => seen.Snapshot.State?.Text == KnownResourceStates.Running;

    private static bool HasEnded(ResourceEvent seen) =>
        seen.Snapshot.State?.Text is { } state
        && (KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.RuntimeUnhealthy);

    private static string Exit(ResourceEvent seen) => seen.Snapshot.ExitCode is { } code ? $" with exit code {code}" : "";

    private static string Seen(ResourceEvent? last) => last is null
        ? "; nothing is known of it"
        : $"; it is in state '{last.Snapshot.State?.Text ?? "none"}'{Exit(last)}"
            + string.Concat(last.Snapshot.HealthReports.Where(report => report.Status != HealthStatus.Healthy)
                .Select(report => $", {report.Name}: {report.Description ?? report.Status?.ToString() ?? "no answer yet"}"));
}
