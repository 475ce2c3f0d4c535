using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Start, stop and restart, as every process has them. None is guarded by state: a started resource that is started again is replaced.</summary>
internal static class LifecycleCommands
{
    private static readonly string?[] Unready = [null, "", KnownResourceStates.Starting, KnownResourceStates.RuntimeUnhealthy];

    internal static void Add(IResource resource, Orchestrator orchestrator)
    {
        resource.Annotations.Add(new ResourceCommandAnnotation(
            KnownResourceCommands.StartCommand, "Start", context => StartAsync(orchestrator, context), new CommandOptions
            {
                Description = "Start this resource", IconName = "Play", IconVariant = IconVariant.Filled, IsHighlighted = true,
                UpdateState = context => State(context) switch
                {
                    { } state when IsStopped(state) || state == KnownResourceStates.Waiting => ResourceCommandState.Enabled,
                    var state when Unready.Contains(state) => ResourceCommandState.Disabled,
                    _ => ResourceCommandState.Hidden,
                },
            }));
        resource.Annotations.Add(new ResourceCommandAnnotation(
            KnownResourceCommands.StopCommand, "Stop", context => StopAsync(orchestrator, context), new CommandOptions
            {
                Description = "Stop this resource", IconName = "Stop", IconVariant = IconVariant.Filled, IsHighlighted = true,
                UpdateState = context => State(context) switch
                {
                    var state when state == KnownResourceStates.Stopping => ResourceCommandState.Disabled,
                    { } state when IsLive(state) => ResourceCommandState.Enabled,
                    _ => ResourceCommandState.Hidden,
                },
            }));
        resource.Annotations.Add(new ResourceCommandAnnotation(
            KnownResourceCommands.RestartCommand, "Restart", context => RestartAsync(orchestrator, context), new CommandOptions
            {
                Description = "Stop this resource and start it again", IconName = "ArrowCounterclockwise", IconVariant = IconVariant.Regular,
                UpdateState = context => State(context) is { } state && state != KnownResourceStates.Stopping && IsLive(state)
                    ? ResourceCommandState.Enabled
                    : ResourceCommandState.Disabled,
            }));
    }

    private static string? State(UpdateCommandStateContext context) => context.ResourceSnapshot.State?.Text;

    private static bool IsStopped(string state) =>
        KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted || state == "Unknown";

    private static bool IsLive(string state) => !IsStopped(state) && !Unready.Contains(state) && state != KnownResourceStates.Waiting;

    private static async Task<ExecuteCommandResult> StartAsync(Orchestrator orchestrator, ExecuteCommandContext context)
    {
        ResourceProcess process = orchestrator.Find(context.ResourceName);
        await process.StartAsync(context.CancellationToken);
        return CommandResults.Success($"Resource '{process.Resource.Name}' started.");
    }

    private static async Task<ExecuteCommandResult> StopAsync(Orchestrator orchestrator, ExecuteCommandContext context)
    {
        ResourceProcess process = orchestrator.Find(context.ResourceName);
        await process.StopAsync(context.CancellationToken);
        return CommandResults.Success($"Resource '{process.Resource.Name}' stopped.");
    }

    private static async Task<ExecuteCommandResult> RestartAsync(Orchestrator orchestrator, ExecuteCommandContext context)
    {
        await StopAsync(orchestrator, context);
        await StartAsync(orchestrator, context);
        return CommandResults.Success($"Resource '{orchestrator.Find(context.ResourceName).Resource.Name}' restarted.");
    }
}
