using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <inheritdoc cref="IDistributedApplicationEventing"/>
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly Lock _lock = new();
    private readonly List<(Type Event, DistributedApplicationEventSubscription Subscription)> _subscriptions = [];

    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Add<T>(new((happened, cancellationToken) => callback((T)happened, cancellationToken)));
    }

    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(callback);
        return Subscribe<T>((happened, cancellationToken) =>
            ReferenceEquals(happened.Resource, resource) ? callback(happened, cancellationToken) : Task.CompletedTask);
    }

    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
            _subscriptions.RemoveAll(entry => ReferenceEquals(entry.Subscription, subscription));
    }

    public async Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(@event);
        DistributedApplicationEventSubscription[] handlers;
        lock (_lock)
            handlers = [.. _subscriptions.Where(entry => entry.Event == typeof(T)).Select(entry => entry.Subscription)];
        foreach (DistributedApplicationEventSubscription handler in handlers)
            await handler.Callback(@event, cancellationToken);
    }

    private DistributedApplicationEventSubscription Add<T>(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
            _subscriptions.Add((typeof(T), subscription));
        return subscription;
    }
}
