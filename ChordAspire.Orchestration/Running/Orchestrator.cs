using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

internal sealed class Orchestrator : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
