using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Copies the console of every resource into the host's log, so that a test's output holds it.</summary>
internal sealed class ResourceLogForwarder(
    DistributedApplicationModel model, ResourceLoggerService consoles, ILoggerFactory loggers, IHostEnvironment environment) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(model.Resources.Select(resource => ForwardAsync(resource, stoppingToken)));

    private async Task ForwardAsync(IResource resource, CancellationToken stoppingToken)
    {
        ILogger logger = loggers.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
        try
        {
            await foreach (IReadOnlyList<LogLine> lines in consoles.WatchAsync(resource).WithCancellation(stoppingToken))
            {
                foreach (LogLine line in lines)
                    Log.ResourceWrote(logger, line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, line.LineNumber, line.Content);
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }
}
