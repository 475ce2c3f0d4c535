using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Everything the host says.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Aspire AppHost version: 13.5 (ChordAspire.Orchestration {Version})")]
    internal static partial void Version(ILogger logger, string version);

    [LoggerMessage(LogLevel.Information, "Distributed application starting.")]
    internal static partial void Starting(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Application host directory is: {AppHostDirectory}")]
    internal static partial void Directory(ILogger logger, string appHostDirectory);

    [LoggerMessage(LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
    internal static partial void Started(ILogger logger);

    [LoggerMessage(LogLevel.Debug, "Resource {Resource}: {Before} -> {After}")]
    internal static partial void StateChanged(ILogger logger, string resource, string before, string after);

    [LoggerMessage(LogLevel.Information, "Waiting for {Resource}")]
    internal static partial void Waiting(ILogger logger, string resource);

    [LoggerMessage(LogLevel.Information, "Finished waiting for {Resource}")]
    internal static partial void WaitedFor(ILogger logger, string resource);

    [LoggerMessage(LogLevel.Information, "Command {Command} was given")]
    internal static partial void CommandGiven(ILogger logger, string command);

    [LoggerMessage(LogLevel.Error, "Command {Command} failed: {Reason}")]
    internal static partial void CommandFailed(ILogger logger, string command, string reason);

    [LoggerMessage(LogLevel.Error, "Command {Command} threw")]
    internal static partial void CommandThrew(ILogger logger, Exception failure, string command);

    [LoggerMessage("{Line}: {Content}")]
    internal static partial void ResourceWrote(ILogger logger, LogLevel level, int line, string content);

    [LoggerMessage(LogLevel.Error, "Resource {Resource}: the watch over its health ended")]
    internal static partial void HealthWatchFailed(ILogger logger, Exception failure, string resource);

    [LoggerMessage(LogLevel.Information, "{Line}")]
    internal static partial void Tools(ILogger logger, string line);

    [LoggerMessage(LogLevel.Error, "Resource {Resource} failed to start: {Reason}")]
    internal static partial void ResourceFailed(ILogger logger, string resource, string reason);

    [LoggerMessage(LogLevel.Error, "Failed to start: {Reason}")]
    internal static partial void FailedToStart(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "Resource {Resource}: a handler of its end threw")]
    internal static partial void HandlerFailed(ILogger logger, Exception failure, string resource);

    [LoggerMessage(LogLevel.Information, "Now listening on: {Url}")]
    internal static partial void DashboardListens(ILogger logger, string url);

    [LoggerMessage(LogLevel.Information, "Login to the dashboard at {Url}")]
    internal static partial void DashboardLogin(ILogger logger, string url);

    [LoggerMessage(LogLevel.Error, "The application runs without its dashboard: {Reason}")]
    internal static partial void DashboardFailed(ILogger logger, string reason);

    [LoggerMessage("{Line}")]
    internal static partial void DashboardWrote(ILogger logger, LogLevel level, string line);
}
