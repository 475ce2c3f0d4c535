using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>
/// Start, stop and restart, as every process has them. None is guarded by state: a resource that runs and is started is replaced.
/// </summary>
internal static class LifecycleCommands
{
    private static readonly string?[] Unready = [null, "", KnownResourceStates.Starting, KnownResourceStates.RuntimeUnhealthy];

    internal static void Add(IResource resource, Orchestrator orchestrator)
    {
        Add(KnownResourceCommands.StartCommand, "Start", StartAsync, new CommandOptions
        {
            Description = "Start resource",
            IconName = "Play",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            UpdateState = context => StartState(context.ResourceSnapshot.State?.Text),
        });
        Add(KnownResourceCommands.StopCommand, "Stop", StopAsync, new CommandOptions
        {
            Description = "Stop resource",
            IconName = "Stop",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            UpdateState = context => StopState(context.ResourceSnapshot.State?.Text),
        });
        Add(KnownResourceCommands.RestartCommand, "Restart", RestartAsync, new CommandOptions
        {
            Description = "Restart resource",
            IconName = "ArrowCounterclockwise",
            IconVariant = IconVariant.Regular,
            UpdateState = context => RestartState(context.ResourceSnapshot.State?.Text),
        });

        void Add(string name, string displayName, Func<ResourceProcess, CancellationToken, Task> act, CommandOptions options) =>
            resource.Annotations.Add(new ResourceCommandAnnotation(name, displayName, context => RunAsync(displayName, act, context), options));

        async Task<ExecuteCommandResult> RunAsync(
            string displayName, Func<ResourceProcess, CancellationToken, Task> act, ExecuteCommandContext context)
        {
            await act(orchestrator.Find(context.ResourceName), context.CancellationToken);
            return CommandResults.Success($"{displayName} of '{resource.Name}' is done.");
        }
    }

    internal static ResourceCommandState StartState(string? state) =>
        Unready.Contains(state) ? ResourceCommandState.Disabled
        : IsStopped(state) || state == KnownResourceStates.Waiting ? ResourceCommandState.Enabled
        : ResourceCommandState.Hidden;

    internal static ResourceCommandState StopState(string? state) =>
        state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
        : IsLive(state) ? ResourceCommandState.Enabled
        : ResourceCommandState.Hidden;

    internal static ResourceCommandState RestartState(string? state) =>
        IsLive(state) && state != KnownResourceStates.Stopping ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static bool IsStopped(string? state) =>
        KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted || state == "Unknown";

    private static bool IsLive(string? state) => !IsStopped(state) && !Unready.Contains(state) && state != KnownResourceStates.Waiting;

    private static Task StartAsync(ResourceProcess process, CancellationToken cancellationToken) => process.StartAsync(cancellationToken);

    private static Task StopAsync(ResourceProcess process, CancellationToken cancellationToken) => process.StopAsync(cancellationToken);

    private static async Task RestartAsync(ResourceProcess process, CancellationToken cancellationToken)
    {
        await process.StopAsync(cancellationToken);
        await process.StartAsync(cancellationToken);
    }
}
