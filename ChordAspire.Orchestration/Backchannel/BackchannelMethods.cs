using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// What one client of the backchannel can call: the part of Aspire's auxiliary backchannel (microsoft/aspire v13.5.2) behind <c>aspire ps</c>,
/// <c>describe</c>, <c>logs</c>, <c>otel</c>, <c>resource</c>, <c>wait</c> and <c>stop</c>. The methods' names are the contract.
/// </summary>
/// <param name="gone">Cancelled when the client is gone, or the application.</param>
internal sealed class BackchannelMethods(
    HostFacts host,
    DashboardFacts dashboard,
    ResourceDescriber describer,
    ConsoleReader consoles,
    CommandGiver commands,
    ResourceWaits waits,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    IHostApplicationLifetime lifetime,
    CancellationToken gone)
{
    private const string Third = "aux.v3";

    private static readonly CapabilitiesAnswer Capabilities = new(["aux.v1", "aux.v2", Third]);

    private readonly OpenStreams _streams = new();

#pragma warning disable CA1822, IDE0060 // Called by name, with whatever the tool passes along.
    public CapabilitiesAnswer GetCapabilitiesAsync(object? request = null) => Capabilities;

    public HostIdentity GetAppHostInformationAsync() => host.Identity;

    public HostSummary GetAppHostInfoAsync(object? request = null) => host.Summary;

    public Task<DashboardUrls> GetDashboardUrlsAsync(CancellationToken cancellationToken) => dashboard.UrlsAsync(cancellationToken);

    public Task<DashboardApi> GetDashboardInfoAsync(object? request = null, CancellationToken cancellationToken = default) =>
        dashboard.ApiAsync(cancellationToken);

    public ResourcesAnswer GetResourcesAsync(ResourcesRequest? request = null) =>
        new([.. Now().Where(seen => IsWanted(seen, request)).Select(seen => Describe(seen, request))]);

    public IAsyncEnumerable<ResourceAnswer> WatchResourcesAsync(ResourcesRequest? request = null) => _streams.Admit(WatchAsync(request, gone));

    public IAsyncEnumerable<ConsoleBatch> GetConsoleLogBatchesAsync(ConsoleRequest request) => _streams.Admit(consoles.ReadAsync(request, gone));

    public IAsyncEnumerable<ConsoleLine> GetResourceLogsAsync(string? resourceName = null, bool follow = false) => _streams.Admit(
        LinesAsync(new ConsoleRequest { ResourceName = resourceName, Follow = follow, IncludeHidden = true }, gone));

    public Task<CommandOutcome> ExecuteResourceCommandAsync(CommandRequest request) => commands.GiveAsync(request);

    public Task<WaitOutcome> WaitForResourceAsync(WaitRequest request, CancellationToken cancellationToken) =>
        waits.WaitAsync(request, cancellationToken);

    /// <summary>Only where the tool cannot send a signal; elsewhere it sends SIGTERM.</summary>
    public object StopAsync(object? request = null)
    {
        StopAppHostAsync();
        return new object();
    }

    public void StopAppHostAsync() => lifetime.StopApplication();
#pragma warning restore CA1822, IDE0060

    private IEnumerable<ResourceEvent> Now()
    {
        foreach (IResource resource in model.Resources)
        {
            if (notifications.TryGetCurrentState(resource.InstanceName(), out ResourceEvent? seen))
                yield return seen;
        }
    }

    private async IAsyncEnumerable<ResourceAnswer> WatchAsync(
        ResourcesRequest? request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ResourceEvent change in NewestEvents.WatchAsync(notifications, cancellationToken))
        {
            if (IsWanted(change, request))
                yield return Describe(change, request);
        }
    }

    private async IAsyncEnumerable<ConsoleLine> LinesAsync(
        ConsoleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ConsoleBatch batch in consoles.ReadAsync(request, cancellationToken))
        {
            foreach (ConsoleLine line in batch.Lines)
                yield return line;
        }
    }

    private ResourceAnswer Describe(ResourceEvent seen, ResourcesRequest? request) =>
        describer.Describe(seen, plain: request?.ClientCapabilities.Contains(Third) != true);

    private static bool IsWanted(ResourceEvent seen, ResourcesRequest? request) =>
        request?.Filter is not { Length: > 0 } filter || seen.ResourceId.Contains(filter, StringComparison.OrdinalIgnoreCase);
}
