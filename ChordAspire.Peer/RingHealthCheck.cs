using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChordAspire.Peer;

/// <summary>Healthy as soon as this peer is a member of a ring.</summary>
internal sealed class RingHealthCheck(PeerLoop loop) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(loop.State.IsMember
            ? HealthCheckResult.Healthy($"member of {(loop.State.RingReady ? "a ready ring" : "a forming ring")}")
            : HealthCheckResult.Unhealthy(loop.State.Phase.ToString().ToLowerInvariant()));
}
