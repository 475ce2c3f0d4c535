using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Everything the host says.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Aspire AppHost version: 13.5 (ChordAspire.Orchestration {Version})")]
    internal static partial void Version(ILogger logger, string version);

    [LoggerMessage(2, LogLevel.Information, "Distributed application starting.")]
    internal static partial void Starting(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "Application host directory is: {AppHostDirectory}")]
    internal static partial void Directory(ILogger logger, string appHostDirectory);

    [LoggerMessage(4, LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
    internal static partial void Started(ILogger logger);

    [LoggerMessage(5, LogLevel.Debug, "Resource {Resource}: {Before} -> {After}")]
    internal static partial void StateChanged(ILogger logger, string resource, string before, string after);

    [LoggerMessage(6, LogLevel.Information, "Waiting for {Resource}")]
    internal static partial void Waiting(ILogger logger, string resource);

    [LoggerMessage(7, LogLevel.Information, "Finished waiting for {Resource}")]
    internal static partial void WaitedFor(ILogger logger, string resource);

    [LoggerMessage(8, LogLevel.Information, "Command {Command} was given")]
    internal static partial void CommandGiven(ILogger logger, string command);

    [LoggerMessage(21, LogLevel.Information, "Command {Command} succeeded: {Message}")]
    internal static partial void CommandSucceeded(ILogger logger, string command, string message);

    [LoggerMessage(9, LogLevel.Error, "Command {Command} failed: {Reason}")]
    internal static partial void CommandFailed(ILogger logger, string command, string reason);

    [LoggerMessage(10, LogLevel.Error, "Command {Command} threw")]
    internal static partial void CommandThrew(ILogger logger, Exception failure, string command);

    [LoggerMessage(EventId = 19, Message = "{Line}: {Content}")]
    internal static partial void ResourceWrote(ILogger logger, LogLevel level, int line, string content);

    [LoggerMessage(11, LogLevel.Error, "Resource {Resource}: the watch over its health ended")]
    internal static partial void HealthWatchFailed(ILogger logger, Exception failure, string resource);

    [LoggerMessage(12, LogLevel.Information, "{Line}")]
    internal static partial void Tools(ILogger logger, string line);

    [LoggerMessage(13, LogLevel.Error, "Resource {Resource} failed to start: {Reason}")]
    internal static partial void ResourceFailed(ILogger logger, string resource, string reason);

    [LoggerMessage(14, LogLevel.Error, "Failed to start: {Reason}")]
    internal static partial void FailedToStart(ILogger logger, string reason);

    [LoggerMessage(15, LogLevel.Error, "Resource {Resource}: a handler of its end threw")]
    internal static partial void HandlerFailed(ILogger logger, Exception failure, string resource);

    [LoggerMessage(16, LogLevel.Information, "Now listening on: {Url}")]
    internal static partial void DashboardListens(ILogger logger, string url);

    [LoggerMessage(17, LogLevel.Information, "Login to the dashboard at {Url}")]
    internal static partial void DashboardLogin(ILogger logger, string url);

    [LoggerMessage(18, LogLevel.Error, "The application runs without its dashboard: {Reason}")]
    internal static partial void DashboardFailed(ILogger logger, string reason);

    [LoggerMessage(EventId = 20, Message = "{Line}")]
    internal static partial void DashboardWrote(ILogger logger, LogLevel level, string line);

    [LoggerMessage(21, LogLevel.Critical,
        "Aspire's orchestrator (DCP) ended unexpectedly, and every process it ran ends with it: the application stops. Start it again. {Said}")]
    internal static partial void OrchestratorLost(ILogger logger, string said);

    [LoggerMessage(22, LogLevel.Warning, "Process {Id} ({Name}) outlived the orchestrator and was killed")]
    internal static partial void LeftOverKilled(ILogger logger, int id, string name);

    [LoggerMessage(23, LogLevel.Warning, "The dashboard ended {How}; it is started again in {Seconds} s")]
    internal static partial void DashboardEnded(ILogger logger, string how, double seconds);

    [LoggerMessage(24, LogLevel.Information, "The dashboard is back at {Url}, with the same login token")]
    internal static partial void DashboardIsBack(ILogger logger, string url);
}
