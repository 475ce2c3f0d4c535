using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Bundle;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Brings the model to life on DCP, and down again.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    DistributedApplicationOptions options,
    IConfiguration configuration,
    IDistributedApplicationEventing eventing,
    PortAllocator ports,
    DashboardPresence dashboardPresence,
    DcpLoss loss,
    TimeProvider time,
    ILogger<Orchestrator> logger,
    IServiceProvider services) : IHostedService, IAsyncDisposable
{
    // Together under ten seconds. A process may take five to leave, and DCP kills after six.
    private static readonly TimeSpan ProcessesLimit = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan LimitInTests = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly Dictionary<string, ResourceProcess> _processes = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<int> _allocated = [];
    private Task<DcpSession>? _session;
    private Task _following = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private DashboardHost? _dashboard;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        _allocated = EndpointAllocation.AllocateAll(model, ports);
        Task<AspireBundle> bundle = LocateAsync(starting.Token);
        _session = Task.Run(async () => await DcpSession.StartAsync(await bundle, logger, time, starting.Token), CancellationToken.None);
        AddProcesses();
        if (!options.DisableDashboard)
            _dashboard = ActivatorUtilities.CreateInstance<DashboardHost>(services);
        _dashboard?.Begin(bundle, _session, _stopping.Token);

        // While DCP comes up: everything that needs no process.
        await Task.WhenAll(_processes.Values.Select(process => process.PrepareAsync(starting.Token)));
        DcpSession session = await _session;
        _following = Task.Run(() => FollowAsync(session), CancellationToken.None);
        _watching = Task.Run(() => loss.WatchAsync(session, _processes.Values, _stopping.Token), CancellationToken.None);
        await dashboardPresence.HeadStartAsync(time, starting.Token);
        await Task.WhenAll(_processes.Values.Where(process => process.StartsByItself).Select(process => process.TryStartAsync(starting.Token)));
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        if (_session is { IsCompletedSuccessfully: true })
            await StopEverythingAsync(await _session, configuration.GetValue<bool>("DcpPublisher:WaitForResourceCleanup"));
        await loss.SeeOutAsync();
        await _stopped.CancelAsync();
        await Task.WhenAll(_following, _watching);
        if (_dashboard is not null)
            await _dashboard.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        if (_session is not null)
        {
            await _session.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (_session.IsCompletedSuccessfully)
                await (await _session).DisposeAsync();
        }

        foreach (ResourceProcess process in _processes.Values)
            process.Dispose();
        PortAllocator.Release(_allocated);
        _stopping.Dispose();
        _stopped.Dispose();
    }

    /// <summary>By the name of an instance or of its resource.</summary>
    internal ResourceProcess Find(string name) =>
        _processes.TryGetValue(name, out ResourceProcess? process) ? process
        : _processes.Values.FirstOrDefault(known => string.Equals(known.Resource.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException($"There is no process for resource '{name}'.");

    private async Task<AspireBundle> LocateAsync(CancellationToken cancellationToken)
    {
        string repository = AppHostIdentity.RepositoryAround(configuration["AppHost:Directory"] ?? Environment.CurrentDirectory);
        try
        {
            return await BundleLocator.LocateAsync(configuration, repository, line => Log.Tools(logger, line), time, cancellationToken);
        }
        catch (BundleException missing)
        {
            throw new DistributedApplicationException(missing.Message, missing);
        }
    }

    private void AddProcesses()
    {
        foreach (IResource resource in model.Resources.Where(resource => resource.HasAnnotationOfType<InstanceAnnotation>()))
        {
            LifecycleCommands.Add(resource, this);
            var process = ActivatorUtilities.CreateInstance<ResourceProcess>(services, resource, _session!, _stopping.Token);
            _processes.Add(resource.InstanceName(), process);
        }
    }

    // The dashboard goes last: until then it takes the last telemetry of those who leave, who would otherwise wait for it in vain.
    private async Task StopEverythingAsync(DcpSession session, bool inTest)
    {
        Task processes = Task.WhenAll(_processes.Values.Select(process => process.EndAsync()));
        await Task.WhenAny(processes, Task.Delay(inTest ? LimitInTests : ProcessesLimit, time));
        await session.ShutdownAsync(inTest ? LimitInTests : RestLimit);
    }

    // Ends after everything else: what happens while the processes stop is still shown.
    private async Task FollowAsync(DcpSession session)
    {
        await foreach (DcpChange change in session.WatchExecutablesAsync(_stopped.Token))
        {
            loss.Note(change);
            _dashboard?.OnChange(change);
            if (_processes.TryGetValue(change.Executable.Metadata.Name, out ResourceProcess? process))
                await process.OnChangeAsync(change);
        }
    }
}
