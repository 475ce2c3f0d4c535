using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>One run of an AppHost's own entry point on a thread of its own, held at <c>Build()</c> until the test lets it go on.</summary>
internal sealed class AppHostRun : IAsyncDisposable
{
    private static readonly TimeSpan LimitDefault = TimeSpan.FromMinutes(5);

    private readonly Assembly _appHost;
    private readonly string[] _args;
    private readonly Action<DistributedApplicationOptions, HostApplicationBuilderSettings> _configure;
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = Source<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource<DistributedApplication> _application = Source<DistributedApplication>();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayBuild = new();
    private readonly CancellationTokenSource _disposing = new();
    private IHostApplicationLifetime? _lifetime;

    internal AppHostRun(Assembly appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    {
        _appHost = appHost;
        _args = args;
        _configure = configure;
        if (appHost.EntryPoint is null)
            throw new InvalidOperationException($"'{appHost.GetName().Name}' is not a program: it has no entry point.");
        new Thread(Run) { IsBackground = true, Name = $"{appHost.GetName().Name}.EntryPoint" }.Start();
    }

    internal Task<DistributedApplicationBuilder> BuilderAsync(CancellationToken cancellationToken) => WaitAsync(_builder.Task, cancellationToken);

    internal Task<DistributedApplication> GoOnAsync(CancellationToken cancellationToken)
    {
        _mayBuild.Set();
        return WaitAsync(_application.Task, cancellationToken);
    }

    /// <summary>The AppHost starts its application itself; this only waits for it.</summary>
    internal Task StartedAsync(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested)
            return;
        await _disposing.CancelAsync();
        _builder.TrySetCanceled();
        _started.TrySetCanceled();
        _mayBuild.Set();
        if (!_application.Task.IsCompletedSuccessfully)
            return;

        DistributedApplication application = await _application.Task;
        _lifetime!.StopApplication();
        await _exited.Task;
        await application.DisposeAsync();
    }

    internal void Started() => _started.TrySetResult();

    internal void Failed(Exception failure)
    {
        _builder.TrySetException(failure);
        _application.TrySetException(failure);
        _started.TrySetException(failure);

        // Whoever awaits one of them sees the failure; the others must not be reported as unobserved.
        _ = _builder.Task.Exception;
        _ = _application.Task.Exception;
        _ = _started.Task.Exception;
    }

    private static TaskCompletionSource<T> Source<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan Limit() =>
        uint.TryParse(Environment.GetEnvironmentVariable("DOTNET_HOST_FACTORY_RESOLVER_DEFAULT_TIMEOUT_IN_SECONDS"), out uint seconds)
            ? TimeSpan.FromSeconds(seconds)
            : LimitDefault;

    private static async Task<T> WaitAsync<T>(Task<T> task, CancellationToken cancellationToken) =>
        await task.WaitAsync(Limit(), cancellationToken);

    private void Run()
    {
        using var listener = new BuilderListener
        {
            Constructing = (options, settings) => TestDefaults.Apply(options, settings, _args, _appHost, _configure),
            Building = Hold,
            Built = Built,
        };
        try
        {
            MethodInfo main = _appHost.EntryPoint!;
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters().Length == 0 ? [] : [_args], null);
            Failed(new InvalidOperationException($"The entry point of '{_appHost.GetName().Name}' ended before the test was done with it."));
        }
#pragma warning disable CA1031 // Whatever the AppHost throws belongs to the test that awaits it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure);
        }
        finally
        {
            _exited.TrySetResult();
        }
    }

    private void Built(DistributedApplication application)
    {
        // Kept, since an AppHost whose start fails takes its services down before the test is done with it.
        _lifetime = application.Services.GetRequiredService<IHostApplicationLifetime>();
        _application.TrySetResult(application);
    }

    private void Hold(DistributedApplicationBuilder builder)
    {
        ObservedHost.Install(builder.Services, this);
        _builder.TrySetResult(builder);
        _mayBuild.Wait();
        _disposing.Token.ThrowIfCancellationRequested();
    }
}
