using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Running;

/// <summary>How a process ends, or never begins, and who is told.</summary>
internal sealed partial class ResourceProcess
{
    /// <summary>Ends the process, if there is one, together with the application.</summary>
    internal async Task EndAsync()
    {
        if (_run is not { Ended.IsCompleted: false })
            return;
        try
        {
            await StopAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is DcpException or TimeoutException)
        {
            // DCP is gone, and took the process along; or it ends whatever is left.
        }
    }

    internal async Task OnChangeAsync(DcpChange change)
    {
        // News of an earlier process may arrive after its successor has been created.
        if (_run is not { } run || !run.IsOf(change.Executable) || change.Kind == DcpChangeKind.Deleted)
            return;
        await PublishEndAsync(run, before => SnapshotView.Of(before, change.Executable));
    }

    /// <summary>Says that the process has ended, when nobody is left who could tell how.</summary>
    internal async Task LoseAsync()
    {
        if (_run is not { Ended.IsCompleted: false } run)
            return;
        DateTime now = time.GetUtcNow().UtcDateTime;
        await PublishEndAsync(run, before => before with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Exited, KnownResourceStateStyles.Error),
            StopTimeStamp = now,
        });
    }

    /// <summary>Publishes news of a process, and whatever follows from them when they are the last.</summary>
    private async Task PublishEndAsync(ProcessRun run, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        await notifications.PublishUpdateAsync(Resource, change);
        if (!notifications.TryGetCurrentState(_name, out ResourceEvent? now)
            || now.Snapshot.State?.Text is not { } state || !KnownResourceStates.TerminalStates.Contains(state) || !run.End())
        {
            return;
        }

        // Stopped before it had started it ends in this state, too.
        if (state == KnownResourceStates.FailedToStart && !applicationStopping.IsCancellationRequested)
            _ = TellWhyAsync(run);
        _ = AnnounceEndAsync(now);
    }

    /// <summary>The reason stands in DCP's own lines of this process, between which nobody looks for it.</summary>
    private async Task TellWhyAsync(ProcessRun run) =>
        Log.ResourceFailed(logger, Resource.Name, await run.FindFailureAsync(applicationStopping) ?? "the orchestrator does not say why");

    private async Task FailAsync(Exception failure)
    {
        Log.ResourceFailed(logger, Resource.Name, failure.Message);
        Log.FailedToStart(Console, failure.Message);
        DateTime now = time.GetUtcNow().UtcDateTime;
        await notifications.PublishUpdateAsync(Resource, before => before with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            StopTimeStamp = now,
        });
    }

    private async Task AnnounceEndAsync(ResourceEvent ended)
    {
        try
        {
            await eventing.PublishAsync(new ResourceStoppedEvent(Resource, services, ended), applicationStopping);
        }
#pragma warning disable CA1031 // Handlers are the user's; their failure is told, and ends nothing.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(logger, failure, Resource.Name);
        }
    }
}
