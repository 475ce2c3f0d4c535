using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Eventing;

/// <summary>Something that happens to the application.</summary>
public interface IDistributedApplicationEvent;

/// <summary>Something that happens to one resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    public IResource Resource { get; }

    public IServiceProvider Services { get; }

    /// <summary>The resource's own log.</summary>
    public ILogger Logger => Services.GetRequiredService<ResourceLoggerService>().GetLogger(Resource);
}

/// <summary>Hands events to those who asked for them.</summary>
public interface IDistributedApplicationEventing
{
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent;

    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent;

    public void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Calls the handlers one after the other and waits for each.</summary>
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;
}

/// <summary>One handler; kept to take it back.</summary>
public class DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback)
{
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}
