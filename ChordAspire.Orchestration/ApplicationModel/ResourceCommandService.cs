using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives commands to resources.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services)
    {
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <summary>By instance name, or by the resource's own name. An unknown resource or command is a failed result, not an exception.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _notifications.TryGetCurrentState(resourceId, out ResourceEvent? known)
            ? ExecuteCommandAsync(known.Resource, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."));

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(known => known.Name == commandName) is not { } command)
            return CommandResults.Failure($"Resource '{resource.Name}' has no command '{commandName}'.");

        ILogger console = _loggers.GetLogger(resource);
        Log.CommandGiven(console, commandName);
        ExecuteCommandResult result = await RunAsync(resource, command, console, cancellationToken);
        if (result.Success)
            Log.CommandSucceeded(console, commandName, result.Message ?? "done");
        else if (!result.Canceled)
            Log.CommandFailed(console, commandName, result.Message ?? "it did not say why");
        return result;
    }

    private async Task<ExecuteCommandResult> RunAsync(
        IResource resource, ResourceCommandAnnotation command, ILogger console, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                Services = _services,
                ResourceName = resource.InstanceName(),
                CancellationToken = cancellationToken,
                Logger = console,
            });
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // Whatever a command of the user's throws is the answer to whoever gave the command.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.CommandThrew(console, failure, command.Name);
            return CommandResults.Failure(failure);
        }
    }
}
