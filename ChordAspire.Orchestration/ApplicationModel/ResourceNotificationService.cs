using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Settings of <see cref="ResourceNotificationService"/>.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What a wait does when the awaited resource has ended, unless it says so itself. With a dashboard to look at, it waits on.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;
}

/// <summary>Knows how every resource looks now, and tells whoever watches when that changes.</summary>
public partial class ResourceNotificationService : IDisposable
{
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _watchersLock = new();
    private readonly List<Watcher> _watchers = [];
    private readonly CancellationTokenSource _disposing = new();
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IServiceProvider _services;
    private readonly ResourceLoggerService _loggers;
    private readonly WaitBehavior _defaultWaitBehavior;
    private readonly Breakdown? _breakdown;

    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService)
    {
        ArgumentNullException.ThrowIfNull(serviceProvider);
        _logger = logger;
        _services = serviceProvider;
        _loggers = resourceLoggerService;
        _breakdown = serviceProvider.GetService<Breakdown>();
        _defaultWaitBehavior = serviceProvider.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior
            ?? WaitBehavior.StopOnResourceUnavailable;
    }

    /// <summary>Who watches.</summary>
    internal int Watchers
    {
        get
        {
            lock (_watchersLock)
                return _watchers.Count;
        }
    }

    /// <summary>How every resource looks now, then each change. Ends with the application.</summary>
    public IAsyncEnumerable<ResourceEvent> WatchAsync(CancellationToken cancellationToken = default) => WatchAsync(null, cancellationToken);

    /// <summary>By instance name, or by the resource's own name.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        ArgumentNullException.ThrowIfNull(resourceId);
        resourceEvent = _instances.TryGetValue(resourceId, out Instance? instance)
            ? instance.Last
            : _instances.Values.Select(known => known.Last)
                .FirstOrDefault(known => string.Equals(known?.Resource.Name, resourceId, StringComparison.OrdinalIgnoreCase));
        return resourceEvent is not null;
    }

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return PublishUpdateAsync(resource, resource.InstanceName(), stateFactory);
    }

    /// <summary>Replaces what is known of one instance by what <paramref name="stateFactory"/> makes of it.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(stateFactory);
        Instance instance = _instances.GetOrAdd(resourceId, static _ => new Instance());

        // Sent while the instance is locked: two updates of one instance never arrive in the wrong order.
        lock (instance)
        {
            CustomResourceSnapshot before = instance.Last?.Snapshot
                ?? new CustomResourceSnapshot { ResourceType = resource.GetType().Name, Properties = [] };
            CustomResourceSnapshot after = WithCommands(resource, stateFactory(before));
            LogTransition(resource, before.State?.Text, after.State?.Text);
            Send(instance, new ResourceEvent(resource, resourceId, after));
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    /// <summary>How every resource looks now, and a reader that misses no change after it. To be closed.</summary>
    internal ChannelReader<ResourceEvent> Open(out IReadOnlyList<ResourceEvent> now) => Open(null, out now);

    internal void Close(ChannelReader<ResourceEvent> changes)
    {
        lock (_watchersLock)
            _watchers.RemoveAll(watcher => ReferenceEquals(watcher.Changes.Reader, changes));
    }

    /// <param name="name">Of an instance or a resource: changes of others are left out. Null watches all.</param>
    /// <param name="now">How they look now.</param>
    private ChannelReader<ResourceEvent> Open(string? name, out IReadOnlyList<ResourceEvent> now)
    {
        // Unbounded: a wait that missed a change would never end. Each entry is small, and readers do nothing but read.
        var watcher = new Watcher(name, Channel.CreateUnbounded<ResourceEvent>());
        lock (_watchersLock)
        {
            _watchers.Add(watcher);
            now = [.. _instances.Values.Select(instance => instance.Last).OfType<ResourceEvent>().Where(watcher.Wants)];
        }

        return watcher.Changes.Reader;
    }

    // A wait is for one resource; handing it the changes of all would make each further resource dearer than the one before.
    private async IAsyncEnumerable<ResourceEvent> WatchAsync(string? name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        ChannelReader<ResourceEvent> changes = Open(name, out IReadOnlyList<ResourceEvent> now);
        try
        {
            foreach (ResourceEvent known in now)
                yield return known;
            await foreach (ResourceEvent change in changes.ReadAllAsync(ends.Token))
                yield return change;
        }
        finally
        {
            Close(changes);
        }
    }

    private void Send(Instance instance, ResourceEvent change)
    {
        lock (_watchersLock)
        {
            instance.Last = change;
            foreach (Watcher watcher in _watchers)
            {
                if (watcher.Wants(change))
                    watcher.Changes.Writer.TryWrite(change);
            }
        }
    }

    private CustomResourceSnapshot WithCommands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, Services = _services };
        ResourceIconAnnotation? icon = resource.Annotations.OfType<ResourceIconAnnotation>().LastOrDefault();
        return snapshot with
        {
            IconName = snapshot.IconName ?? icon?.IconName,
            IconVariant = snapshot.IconVariant ?? icon?.IconVariant,
            Properties = snapshot.State?.Text == KnownResourceStates.Waiting ? snapshot.Properties : snapshot.Properties.Without(KnownProperties.WaitingFor),
            Commands =
            [
                .. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => new ResourceCommandSnapshot(
                    command.Name, command.UpdateState(context), command.DisplayName, command.DisplayDescription, Parameter: null,
                    command.ConfirmationMessage, command.IconName, command.IconVariant, command.IsHighlighted)),
            ],
        };
    }

    private void LogTransition(IResource resource, string? before, string? after)
    {
        if (before != after && after is not null)
            Log.StateChanged(_logger, resource.Name, before ?? "-", after);
    }

    private sealed class Instance
    {
        internal ResourceEvent? Last { get; set; }
    }

    private sealed record Watcher(string? Name, Channel<ResourceEvent> Changes)
    {
        internal bool Wants(ResourceEvent change) =>
            Name is null
            || string.Equals(change.Resource.Name, Name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(change.ResourceId, Name, StringComparison.OrdinalIgnoreCase);
    }
}
