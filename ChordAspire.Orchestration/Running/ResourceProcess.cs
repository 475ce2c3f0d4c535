using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>One resource and its process, through all its starts. DCP runs a process once: to start again is to delete and to create.</summary>
internal sealed partial class ResourceProcess(
    IResource resource,
    Task<DcpSession> session,
    ResourceNotificationService notifications,
    ResourceLoggerService consoles,
    IDistributedApplicationEventing eventing,
    ProcessSpecBuilder specs,
    TimeProvider time,
    ILogger<ResourceProcess> logger,
    IServiceProvider services,
    CancellationToken applicationStopping) : IDisposable
{
    /// <summary>DCP kills after six seconds; the rest is for a machine under load.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _name = resource.InstanceName();
    private ProcessRun? _run;
    private TaskCompletionSource? _waiting;
    private int _starts;

    internal IResource Resource { get; } = resource;

    internal bool StartsByItself { get; } = !resource.HasAnnotationOfType<ExplicitStartupAnnotation>();

    private ILogger Console => consoles.GetLogger(Resource);

    /// <summary>Shows the resource, with its links, before it has been started.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        SnapshotView view = await SnapshotView.CreateAsync(Resource, services, cancellationToken);
        DateTime now = time.GetUtcNow().UtcDateTime;
        await notifications.PublishUpdateAsync(Resource, before => view.Initial(before, now, StartsByItself));
        await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(Resource, services), cancellationToken);
    }

    /// <summary>As <see cref="StartAsync"/>, for the start of the application: one that fails does not keep the others from starting.</summary>
    internal async Task TryStartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StartAsync(cancellationToken);
        }
#pragma warning disable CA1031 // It has been told in the console and in the resource's state; user code may throw anything.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Starts the process, replacing one that runs. Told to start while it waits for others, it waits no longer.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_waiting is { } waiting && waiting.TrySetResult())
            return;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, applicationStopping);
        await _gate.WaitAsync(ends.Token);
        try
        {
            await StartOnceAsync(await session, ends.Token);
        }
        catch (Exception failure) when (!ends.IsCancellationRequested)
        {
            await FailAsync(failure);
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Asks the process to end, and returns when it has.</summary>
    /// <exception cref="TimeoutException">It outlives even being killed.</exception>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        ProcessRun? run = _run;
        await (await session).StopExecutableAsync(_name, cancellationToken);
        if (run is not null)
            await run.Ended.WaitAsync(EndLimit, time, cancellationToken);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _run?.Dispose();
    }

    private async Task StartOnceAsync(DcpSession dcp, CancellationToken cancellationToken)
    {
        await RetireAsync(dcp, cancellationToken);
        await notifications.PublishUpdateAsync(Resource, before => SnapshotView.Starting(before, Resource));
        await WaitForOthersAsync(cancellationToken);
        await eventing.PublishAsync(new BeforeResourceStartedEvent(Resource, services), cancellationToken);
        if (EndpointAllocation.Taken(Resource) is { } taken)
            throw new DistributedApplicationException(taken);

        var run = new ProcessRun(_name, ++_starts, dcp, consoles.Console(_name));
        DcpExecutable executable = run.Mark(await specs.BuildAsync(Resource, Console, cancellationToken));
        await notifications.PublishUpdateAsync(Resource, before => SnapshotView.Described(before, executable));

        // Known before it is created: the first news may come before the answer.
        _run = run;
        try
        {
            await dcp.CreateExecutableAsync(executable, cancellationToken);
        }
        catch
        {
            _run = null;
            throw;
        }

        run.BeginLogs(applicationStopping);
    }

    private async Task WaitForOthersAsync(CancellationToken cancellationToken)
    {
        if (!Resource.HasAnnotationOfType<WaitAnnotation>())
            return;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var goAhead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting = goAhead;
        try
        {
            await await Task.WhenAny(notifications.WaitForDependenciesAsync(Resource, ends.Token), goAhead.Task);
        }
        finally
        {
            _waiting = null;
            goAhead.TrySetCanceled(CancellationToken.None);
            await ends.CancelAsync();
        }

        await notifications.PublishUpdateAsync(Resource, before => before with { State = KnownResourceStates.Starting });
    }

    /// <summary>Ends the process there is, keeps its last words, and frees its name.</summary>
    private async Task RetireAsync(DcpSession dcp, CancellationToken cancellationToken)
    {
        if (_run is not { } run)
            return;
        await dcp.StopExecutableAsync(_name, cancellationToken);
        await Task.WhenAny(run.Ended, Task.Delay(EndLimit, time, cancellationToken));
        await run.FinishLogsAsync(cancellationToken);
        await dcp.DeleteExecutableAsync(_name, cancellationToken);
        _run = null;
        run.Dispose();
    }
}
