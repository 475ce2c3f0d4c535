using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Stands around the AppHost's host and reports when it has started, or why it has not.</summary>
internal sealed class ObservedHost(IHost host, AppHostRun run) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    internal static void Install(IServiceCollection services, AppHostRun run)
    {
        ServiceDescriptor original = services.Last(service => service.ServiceType == typeof(IHost) && !service.IsKeyedService);
        services.Remove(original);
        services.AddSingleton<IHost>(provider => new ObservedHost((IHost)original.ImplementationFactory!(provider), run));
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await host.StartAsync(cancellationToken);
            run.Started();
        }
        catch (Exception failure)
        {
            run.Failed(failure);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public void Dispose() => host.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            host.Dispose();
    }
}
