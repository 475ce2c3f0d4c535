using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// Waits for resources on behalf of the tool. None outlasts what it waits for: a resource that has ended will not become healthy by itself.
/// </summary>
internal sealed class ResourceWaits(DistributedApplicationModel model, ResourceNotificationService notifications, TimeProvider time)
{
    private const int SecondsMax = 24 * 60 * 60;

    internal async Task<WaitOutcome> WaitAsync(WaitRequest request, CancellationToken cancellationToken)
    {
        if (model.Resources.FirstOrDefault(resource => resource.IsCalled(request.ResourceName)) is not { } resource)
            return new WaitOutcome(false) { ResourceNotFound = true, ErrorMessage = $"Resource '{request.ResourceName}' was not found." };

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Clamp(request.TimeoutSeconds, 0, SecondsMax)), time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return request.Status switch
            {
                "healthy" => Reached(await notifications.WaitForResourceHealthyAsync(
                    resource.Name, WaitBehavior.StopOnResourceUnavailable, ends.Token)),
                "up" => await UntilUpAsync(resource, ends.Token),
                "down" => Reached(await notifications.WaitForResourceAsync(resource.Name, HasEnded, ends.Token)),
                _ => new WaitOutcome(false) { ErrorMessage = $"Unknown status: {request.Status}" },
            };
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested)
        {
            return new WaitOutcome(false) { TimedOut = true, ErrorMessage = late.Message };
        }
        catch (DistributedApplicationException unavailable)
        {
            return new WaitOutcome(false) { ErrorMessage = unavailable.Message };
        }
    }

    private async Task<WaitOutcome> UntilUpAsync(IResource resource, CancellationToken cancellationToken)
    {
        ResourceEvent seen = await notifications.WaitForResourceAsync(
            resource.Name, change => IsRunning(change) || HasEnded(change), cancellationToken);
        return IsRunning(seen)
            ? Reached(seen)
            : Reached(seen) with { Success = false, ErrorMessage = $"Resource '{resource.Name}' is in state '{seen.Snapshot.State?.Text}'." };
    }

    private static WaitOutcome Reached(ResourceEvent seen) =>
        new(true) { State = seen.Snapshot.State?.Text, HealthStatus = seen.Snapshot.HealthStatus?.ToString() };

    private static bool IsRunning(ResourceEvent seen) => seen.Snapshot.State?.Text == KnownResourceStates.Running;

    private static bool HasEnded(ResourceEvent seen) =>
        KnownResourceStates.TerminalStates.Contains(seen.Snapshot.State?.Text) || seen.Snapshot.ExitCode is not null;
}
