using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Running;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several processes, built and ready to run.</summary>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private readonly IHost _host = host ?? throw new ArgumentNullException(nameof(host));

    public IServiceProvider Services => _host.Services;

    /// <summary>How the resources look, and waits for how they should.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Commands to the resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new DistributedApplicationBuilder(args);
    }

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Starts everything that starts by itself, and returns when none of it waits for another any more.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await AnnounceStartAsync(cancellationToken);
        await _host.StartAsync(cancellationToken);
    }

    /// <summary>Stops every process, and returns when none is left.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>Starts, waits for the end (Ctrl+C, SIGTERM, the token) and stops.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        CancellationToken stopping = Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var breakdown = Services.GetRequiredService<Breakdown>();

        // A test framework has its own mind about signals.
        using SecondSignal? impatience = _host is ObservedHost ? null : new SecondSignal();
        try
        {
            await AnnounceStartAsync(cancellationToken);
            await _host.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to end while it was starting: an end like any other.
        }

        // Said in the log already; what started this program must learn of it too.
        if (breakdown.Reason is not null)
            Environment.ExitCode = Breakdown.ExitCode;
    }

    /// <inheritdoc cref="RunAsync"/>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    public virtual void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            _host.Dispose();
        GC.SuppressFinalize(this);
    }

    Task IHost.StartAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    Task IHost.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    private async Task AnnounceStartAsync(CancellationToken cancellationToken)
    {
        Services.GetRequiredService<DistributedApplicationExecutionContext>().Use(Services);
        var eventing = Services.GetRequiredService<IDistributedApplicationEventing>();
        var model = Services.GetRequiredService<DistributedApplicationModel>();
        await eventing.PublishAsync(new BeforeStartEvent(Services, model), cancellationToken);
    }
}
