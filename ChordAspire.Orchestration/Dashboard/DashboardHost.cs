using Aspire.Hosting.Bundle;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Brings up the dashboard, a moment before the resources, and keeps it up beside them.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private const string Name = "aspire-dashboard";

    private readonly IConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly DashboardSettings _settings;
    private readonly DashboardPresence _presence;
    private readonly DashboardProbe _probe;
    private readonly ResourceServiceHost _resourceService;
    private readonly DashboardLog _log;
    private Task _running = Task.CompletedTask;
    private DashboardRun? _run;

    public DashboardHost(
        IConfiguration configuration,
        DistributedApplicationOptions options,
        DashboardPresence presence,
        PortAllocator ports,
        TimeProvider time,
        ILoggerFactory loggers,
        IServiceProvider services)
    {
        _configuration = configuration;
        _time = time;
        _logger = loggers.CreateLogger<DistributedApplication>();
        _presence = presence;
        _settings = DashboardSettings.Read(configuration, options, ports);
        _probe = new DashboardProbe(_settings.Address, time);
        _resourceService = ActivatorUtilities.CreateInstance<ResourceServiceHost>(services);
        _log = new DashboardLog(loggers);
    }

    internal void Begin(Task<AspireBundle> bundle, Task<DcpSession> session, CancellationToken stopping) =>
        _running = Task.Run(() => RunAsync(bundle, session, stopping), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _running;
        await _resourceService.DisposeAsync();
    }

    /// <summary>News of any process; those of the dashboard's end count.</summary>
    internal void OnChange(DcpChange change) => _run?.OnChange(change);

    private async Task RunAsync(Task<AspireBundle> bundle, Task<DcpSession> session, CancellationToken stopping)
    {
        try
        {
            Uri resourceService = await _resourceService.StartAsync(_settings.ResourceService, stopping);
            RefuseTakenPorts();
            DcpSession dcp = await session;
            string path = (await bundle).DashboardPath;
            await KeepUpAsync(dcp, name => Describe(name, path, resourceService), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application ends.
        }
#pragma warning disable CA1031 // The application runs on without a dashboard, whatever kept it from starting.
        catch (Exception failure) when (!session.IsFaulted)
#pragma warning restore CA1031
        {
            // DCP may have gone, which has been told, and ends the application.
            if (!stopping.IsCancellationRequested)
                Log.DashboardFailed(_logger, failure.Message);
        }
#pragma warning disable CA1031 // Without DCP the start of the application fails, and tells why.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            _presence.Missing();
        }
    }

    /// <summary>Starts the dashboard, and again whenever it ends: at the same addresses, with the same keys, so that pages left open go on.</summary>
    private async Task KeepUpAsync(DcpSession dcp, Func<string, DcpExecutable> describe, CancellationToken stopping)
    {
        var restarts = new DashboardRestarts();
        for (bool again = false; ; again = true)
        {
            var run = _run = new DashboardRun($"{Name}-{InstanceNames.Suffix()}");
            long since = _time.GetTimestamp();
            await dcp.CreateExecutableAsync(describe(run.Name), stopping);
            _ = Task.Run(() => _log.ForwardAsync(dcp, run.Name, stopping), CancellationToken.None);
            if (await _probe.UntilUpAsync(run.Ended, stopping))
                Announce(again);
            string how = await run.Ended.WaitAsync(stopping);
            if (restarts.Next(_time.GetElapsedTime(since)) is not { } pause)
                throw new DistributedApplicationException(
                    $"it ended {DashboardRestarts.InARowMax + 1} times in a row, at last {how}, and is not started again. "
                    + "Restart the AppHost to get it back");

            Log.DashboardEnded(_logger, how, pause.TotalSeconds);
            await Task.Delay(pause, _time, stopping);
            await dcp.DeleteExecutableAsync(run.Name, stopping);
        }
    }

    private void RefuseTakenPorts()
    {
        foreach (Uri? url in (Uri?[])[.. _settings.Frontend, _settings.OtlpGrpc, _settings.OtlpHttp])
        {
            if (url is not null && !PortAllocator.IsFree(url.Port))
                throw new DistributedApplicationException(
                    $"port {url.Port} ({url}) is in use by {PortHolder.Describe(url.Port)}; end it, or change the AppHost's launch profile");
        }
    }

    private DcpExecutable Describe(string name, string path, Uri resourceService)
    {
        // aspire-managed holds several programs; a dashboard of its own does not.
        bool isManaged = Path.GetFileNameWithoutExtension(path) == "aspire-managed";
        return new DcpExecutable
        {
            Metadata = new DcpMetadata { Name = name, Annotations = new Dictionary<string, string> { ["resource-name"] = Name } },
            Spec = new DcpExecutableSpec
            {
                ExecutablePath = path,
                WorkingDirectory = Path.GetDirectoryName(path),
                Args = isManaged ? ["dashboard"] : [],
                Env =
                [
                    .. DashboardEnvironment.Of(_configuration, _settings, resourceService)
                        .Select(variable => new DcpEnvironmentVariable(variable.Key, variable.Value)),
                ],
            },
        };
    }

    private void Announce(bool again)
    {
        _presence.Up(_settings.Address);
        string address = _settings.Address.GetLeftPart(UriPartial.Authority);
        if (again)
        {
            Log.DashboardIsBack(_logger, address);
            return;
        }

        Log.DashboardListens(_logger, address);
        if (_configuration[DashboardKeys.BrowserToken] is { Length: > 0 } token)
            Log.DashboardLogin(_logger, $"{address}/login?t={token}");
    }
}
