using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Hears what happens to the builder that is made in this flow of execution, and in no other: several AppHosts may run side by side
/// in one process.
/// </summary>
internal sealed class BuilderListener : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly AsyncLocal<BuilderListener?> Here = new();

    private readonly List<IDisposable> _subscriptions = [];

    internal BuilderListener()
    {
        Here.Value = this;
        IDisposable all = DiagnosticListener.AllListeners.Subscribe(this);
        lock (_subscriptions)
            _subscriptions.Add(all);
    }

    internal Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? Constructing { get; init; }

    internal Action<DistributedApplicationBuilder>? Building { get; init; }

    internal Action<DistributedApplication>? Built { get; init; }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name != "Aspire.Hosting")
            return;

        // May come from the flow of another AppHost, when that one is the first.
        IDisposable one = value.Subscribe(this);
        lock (_subscriptions)
            _subscriptions.Add(one);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (!ReferenceEquals(Here.Value, this))
            return;
        switch (value.Key, value.Value)
        {
            case ("DistributedApplicationBuilderConstructing", (DistributedApplicationOptions options, HostApplicationBuilderSettings settings)):
                Constructing?.Invoke(options, settings);
                break;
            case ("DistributedApplicationBuilding", DistributedApplicationBuilder builder):
                Building?.Invoke(builder);
                break;
            case ("DistributedApplicationBuilt", DistributedApplication application):
                Built?.Invoke(application);
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        lock (_subscriptions)
        {
            foreach (IDisposable subscription in _subscriptions)
                subscription.Dispose();
        }

        if (ReferenceEquals(Here.Value, this))
            Here.Value = null;
    }
}
