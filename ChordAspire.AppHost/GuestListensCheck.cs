using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChordAspire.AppHost;

/// <summary>A guest is healthy as soon as it listens. It is not asked anything: a seed peer has few workers.</summary>
internal sealed class GuestListensCheck(RingGuest guest) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!guest.Grpc.IsAllocated)
            return HealthCheckResult.Unhealthy("It has no port yet.");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", guest.Grpc.Port, cancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"It does not listen at {guest.Address}.");
        }
    }
}
