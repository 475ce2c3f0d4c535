using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens and where it finds us, as the AppHost's launch profile says.</summary>
internal sealed record DashboardSettings(IReadOnlyList<Uri> Frontend, Uri? OtlpGrpc, Uri? OtlpHttp, Uri? ResourceService)
{
    private const string FrontendKey = "ASPNETCORE_URLS";
    private const string ResourceServiceKey = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";
    private const string UnsecuredKey = "ASPIRE_ALLOW_UNSECURED_TRANSPORT";

    /// <summary>The address to open in a browser.</summary>
    internal Uri Address => Frontend.FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttps) ?? Frontend[0];

    /// <exception cref="DistributedApplicationException">Something is missing or not allowed; the message names the setting.</exception>
    internal static DashboardSettings Read(IConfiguration configuration, DistributedApplicationOptions options, PortAllocator ports)
    {
        bool mayUseHttp = options.AllowUnsecuredTransport || configuration.GetValue<bool>(UnsecuredKey);
        bool random = configuration.GetValue<bool>("DcpPublisher:RandomizePorts");

        if (configuration[FrontendKey] is not { Length: > 0 } frontend)
            throw new DistributedApplicationException(
                $"{FrontendKey} is not set. It is the dashboard's address; the AppHost's launch profile sets it.");
        if ((configuration[OtlpAddress.GrpcKey] ?? configuration[OtlpAddress.HttpKey]) is not { Length: > 0 })
            throw new DistributedApplicationException(
                $"Neither {OtlpAddress.GrpcKey} nor {OtlpAddress.HttpKey} is set; the AppHost's launch profile sets one of them.");

        var settings = new DashboardSettings(
            [.. frontend.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => Parse(FrontendKey, url)!)],
            Parse(OtlpAddress.GrpcKey, configuration[OtlpAddress.GrpcKey]),
            Parse(OtlpAddress.HttpKey, configuration[OtlpAddress.HttpKey]),
            Parse(ResourceServiceKey, configuration[ResourceServiceKey], mayBeDynamic: true));

        // Those who send telemetry read the address from the configuration.
        configuration[OtlpAddress.GrpcKey] = settings.OtlpGrpc?.OriginalString;
        configuration[OtlpAddress.HttpKey] = settings.OtlpHttp?.OriginalString;
        return settings;

        Uri? Parse(string key, string? text, bool mayBeDynamic = false)
        {
            if (text is not { Length: > 0 })
                return null;
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || !url.IsLoopback)
                throw new DistributedApplicationException($"{key} is '{text}'; it must be a URL on this machine, such as http://localhost:15000.");
            if (url.Scheme != Uri.UriSchemeHttps && !mayUseHttp)
            {
                throw new DistributedApplicationException(
                    $"{key} is '{text}', which is plain http. Use https, or allow it by {UnsecuredKey}=true (the http launch profile does).");
            }

            if (!random && url.Port != 0)
                return url;
            return new UriBuilder(url) { Port = mayBeDynamic ? 0 : ports.Allocate(), Path = "" }.Uri;
        }
    }
}
