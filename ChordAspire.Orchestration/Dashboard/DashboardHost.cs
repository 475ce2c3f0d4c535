using Aspire.Hosting.Bundle;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Brings up the dashboard beside the resources, which never wait for it.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private const string Name = "aspire-dashboard";
    private static readonly TimeSpan UpLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly IConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly DashboardSettings _settings;
    private readonly DashboardPresence _presence;
    private readonly ResourceServiceHost _resourceService;
    private readonly DashboardLog _log;
    private Task _running = Task.CompletedTask;

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

    private async Task RunAsync(Task<AspireBundle> bundle, Task<DcpSession> session, CancellationToken stopping)
    {
        try
        {
            Uri resourceService = await _resourceService.StartAsync(_settings.ResourceService, stopping);
            RefuseTakenPorts();
            string name = $"{Name}-{InstanceNames.Suffix()}";
            DcpSession dcp = await session;
            await dcp.CreateExecutableAsync(Describe(name, (await bundle).DashboardPath, resourceService), stopping);
            _ = Task.Run(() => _log.ForwardAsync(dcp, name, stopping), CancellationToken.None);
            await UntilUpAsync(stopping);
            Announce();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application ends before the dashboard was up.
        }
#pragma warning disable CA1031 // The application runs on without a dashboard, whatever kept it from starting.
        catch (Exception failure) when (!session.IsFaulted)
#pragma warning restore CA1031
        {
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

    private void RefuseTakenPorts()
    {
        foreach (Uri? url in (Uri?[])[.. _settings.Frontend, _settings.OtlpGrpc, _settings.OtlpHttp])
        {
            if (url is not null && !PortAllocator.IsFree(url.Port))
                throw new DistributedApplicationException(
                    $"port {url.Port} ({url}) is in use by another process; end it, or change the AppHost's launch profile");
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

    private async Task UntilUpAsync(CancellationToken stopping)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        long since = _time.GetTimestamp();
        var health = new Uri(_settings.Address, "health");
        while (!await IsUpAsync(client, health, stopping))
        {
            if (_time.GetElapsedTime(since) > UpLimit)
                throw new DistributedApplicationException($"it does not answer at {_settings.Address} after {UpLimit.TotalSeconds:0} s");
            await Task.Delay(Poll, _time, stopping);
        }
    }

    private static async Task<bool> IsUpAsync(HttpClient client, Uri health, CancellationToken stopping)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(health, stopping);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Announce()
    {
        _presence.Up(_settings.Address);
        string address = _settings.Address.GetLeftPart(UriPartial.Authority);
        Log.DashboardListens(_logger, address);
        if (_configuration[DashboardKeys.BrowserToken] is { Length: > 0 } token)
            Log.DashboardLogin(_logger, $"{address}/login?t={token}");
    }
}
