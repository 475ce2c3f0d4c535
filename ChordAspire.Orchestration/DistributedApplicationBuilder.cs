using System.Diagnostics;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    // Tests hold on to an AppHost's builder by listening here; see the Testing folder.
    private static readonly DiagnosticListener Announcer = new("Aspire.Hosting");

    private readonly HostApplicationBuilder _host;
    private bool _built;

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // From low to high: ASPIRE_ variables, DOTNET_ variables, appsettings, secrets, environment, arguments.
        var settings = new HostApplicationBuilderSettings { Args = options.Args, Configuration = new ConfigurationManager() };
        settings.Configuration.AddEnvironmentVariables("ASPIRE_");
        Announce("DistributedApplicationBuilderConstructing", (options, settings));

        AppHostAssembly = AppHostIdentity.FindAssembly(options.AssemblyName);
        if (IsProgram)
            PlainRefusal.Install();
        if (options.Args?.FirstOrDefault(arg => arg.Split('=')[0] is "--publisher" or "--operation") is { } publishing)
            throw new DistributedApplicationException($"'{publishing}': this host runs applications and does not publish them.");
        _host = new HostApplicationBuilder(settings);
        AppHostDirectory = options.ProjectDirectory ?? AppHostIdentity.DirectoryOf(AppHostAssembly) ?? _host.Environment.ContentRootPath;
        Configuration["AppHost:Directory"] = AppHostDirectory;
        Configuration["AppHost:Path"] = Path.GetFullPath(Path.Combine(AppHostDirectory, _host.Environment.ApplicationName));
        Configuration["AppHost:FilePath"] = AppHostIdentity.FileOf(AppHostAssembly);
        Configuration["AppHost:DashboardApplicationName"] = options.DashboardApplicationName ?? _host.Environment.ApplicationName;
        QuietTheLogs(options);
        AddServices(options);
        Announce("DistributedApplicationBuilderConstructed", this);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        Resources.Add(resource);
        if (resource is ProjectResource or ExecutableResource)
            InstanceNames.Give(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <summary>Whether this process is the AppHost, and no test's.</summary>
    private bool IsProgram => AppHostAssembly == Assembly.GetEntryAssembly();

    public DistributedApplication Build()
    {
        if (_built)
            throw new InvalidOperationException("This application has been built already.");
        _built = true;
        Announce("DistributedApplicationBuilding", this);
        var application = new DistributedApplication(_host.Build());
        Announce("DistributedApplicationBuilt", application);
        return application;
    }

    private static void Announce(string happened, object what)
    {
        if (Announcer.IsEnabled(happened))
            Announcer.Write(happened, what);
    }

    private void QuietTheLogs(DistributedApplicationOptions options)
    {
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Aspire.Hosting.Dashboard", LogLevel.Warning);

        // The resource service's web server has nothing to tell but errors.
        _host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Error);
        _host.Logging.AddFilter("Grpc.AspNetCore", LogLevel.Error);

        // It logs what it then throws; whoever called Run or StartAsync sees that anyway.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // With a dashboard, failing checks are seen there; without, the log is the only place.
        if (!options.DisableDashboard)
            _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);

        // Once more, so that what the user configured goes above the filters.
        _host.Logging.AddConfiguration(Configuration.GetSection("Logging"));
    }

    private void AddServices(DistributedApplicationOptions options)
    {
        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton(services => new ResourceLoggerService(services.GetRequiredService<TimeProvider>()));
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<ResourceNotificationService>(), services.GetRequiredService<ResourceLoggerService>(), services));
        Services.Configure<ResourceNotificationServiceOptions>(waits => waits.DefaultWaitBehavior =
            options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        Services.AddHealthChecks();
        Services.AddSingleton<PortAllocator>();
        Services.AddSingleton<ProcessSpecBuilder>();
        Services.AddSingleton<Breakdown>();
        Services.AddSingleton<DcpLoss>();
        Services.AddSingleton<Orchestrator>();
        Services.AddSingleton<DashboardPresence>();
        Services.AddSingleton<SecretMask>();
        DashboardKeys.Provide(Configuration, options);

        // Started in this order, and before whatever the AppHost adds itself.
        Services.AddHostedService<Greeter>();
        Services.AddHostedService<HealthMonitor>();
        if (IsProgram)
            Services.AddHostedService<Thrift>();
        if (options.EnableResourceLogging)
            Services.AddHostedService<ResourceLogForwarder>();
        Services.AddBackchannel();
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
    }
}
