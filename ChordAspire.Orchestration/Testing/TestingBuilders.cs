using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What both kinds of test builders share: everything but the building.</summary>
internal abstract class TestingBuilder(DistributedApplicationBuilder inner) : IDistributedApplicationTestingBuilder
{
    public ConfigurationManager Configuration => Inner.Configuration;

    public string AppHostDirectory => Inner.AppHostDirectory;

    public Assembly? AppHostAssembly => Inner.AppHostAssembly;

    public IHostEnvironment Environment => Inner.Environment;

    public IServiceCollection Services => Inner.Services;

    public IDistributedApplicationEventing Eventing => Inner.Eventing;

    public DistributedApplicationExecutionContext ExecutionContext => Inner.ExecutionContext;

    public IResourceCollection Resources => Inner.Resources;

    protected DistributedApplicationBuilder Inner { get; } = inner;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => Inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => Inner.CreateResourceBuilder(resource);

    // On another thread, so that a test framework's synchronization context is never waited for by the one it would have to run on.
    public DistributedApplication Build() => Task.Run(() => BuildAsync(CancellationToken.None)).GetAwaiter().GetResult();

    public abstract Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);

    public abstract ValueTask DisposeAsync();

    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();
}

/// <summary>The builder of an AppHost that is held at <c>Build()</c>.</summary>
internal sealed class HeldBuilder(AppHostRun run, DistributedApplicationBuilder inner) : TestingBuilder(inner)
{
    public override async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        DistributedApplication application = await run.GoOnAsync(cancellationToken);
        return new HeldApplication(new HeldHost(run, application.Services));
    }

    public override ValueTask DisposeAsync() => run.DisposeAsync();
}

/// <summary>A builder that a test has made for itself.</summary>
internal sealed class OwnBuilder(DistributedApplicationBuilder inner) : TestingBuilder(inner)
{
    private DistributedApplication? _application;

    public override Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_application = Inner.Build());
    }

    public override ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The AppHost starts its application by itself; a test may only wait for that, and end it.</summary>
internal sealed class HeldApplication(HeldHost host) : DistributedApplication(host)
{
    public override Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public override Task RunAsync(CancellationToken cancellationToken = default) => host.RunAsync(cancellationToken);

    public override Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);
}

internal sealed class HeldHost(AppHostRun run, IServiceProvider services) : IHost, IAsyncDisposable
{
    public IServiceProvider Services { get; } = services;

    public Task StartAsync(CancellationToken cancellationToken = default) => run.StartedAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => run.DisposeAsync().AsTask().WaitAsync(cancellationToken);

    public void Dispose() => Task.Run(() => run.DisposeAsync().AsTask()).GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => run.DisposeAsync();
}
