using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Asks the resource itself, over http, with nothing cached and no proxy between.</summary>
internal sealed class HttpHealthCheck(EndpointReference endpoint, string path, int expectedStatus) : IHealthCheck
{
    // One for all checks and applications: it holds sockets, which are better shared.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!endpoint.IsAllocated)
            return new HealthCheckResult(HealthStatus.Unhealthy, $"Endpoint '{endpoint.EndpointName}' has no port yet.");
        var uri = new Uri(new Uri(endpoint.Url), path);
        try
        {
            using HttpResponseMessage answer = await Client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            int status = (int)answer.StatusCode;
            return status == expectedStatus
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"{uri} answered {status}, expected {expectedStatus}.");
        }
        catch (HttpRequestException silence)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"{uri} did not answer: {silence.Message}");
        }
        catch (TaskCanceledException silence) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"{uri} did not answer in time: {silence.Message}");
        }
    }
}
