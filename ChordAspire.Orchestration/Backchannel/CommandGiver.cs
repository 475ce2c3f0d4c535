using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Backchannel;

/// <summary>Gives commands to resources on behalf of the tool.</summary>
internal sealed class CommandGiver(
    ResourceCommandService commands, ResourceNotificationService notifications, IHostApplicationLifetime lifetime)
{
    internal async Task<CommandOutcome> GiveAsync(CommandRequest request)
    {
        if (Refuse(request) is { } refusal)
            return new CommandOutcome(false, false, refusal);
        if (request.ValidateOnly)
            return new CommandOutcome(true, false, null) { ArgumentInputs = request.ReturnArgumentInputs ? [] : null };

        // It goes on when the client gives up waiting: half a restart would leave the resource stopped.
        ExecuteCommandResult result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, lifetime.ApplicationStopping);
        return new CommandOutcome(result.Success, result.Canceled, result.Message);
    }

    private string? Refuse(CommandRequest request)
    {
        int arguments = request.Arguments switch
        {
            null => 0,
            JsonArray list => list.Count,
            JsonObject named => named.Count,
            _ => 1,
        };
        if (arguments > 0)
            return $"Command '{request.CommandName}' takes no arguments.";
        if (!notifications.TryGetCurrentState(request.ResourceName, out ResourceEvent? known))
            return $"Resource '{request.ResourceName}' not found.";
        return known.Snapshot.Commands.Any(command => command.Name == request.CommandName)
            ? null
            : $"Resource '{known.Resource.Name}' has no command '{request.CommandName}'; "
                + $"it has {string.Join(", ", known.Snapshot.Commands.Select(command => command.Name))}.";
    }
}
