using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where telemetry goes.</summary>
internal static class OtlpAddress
{
    internal const string GrpcKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    internal const string HttpKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string GrpcDefault = "http://localhost:18889";

    internal static (string Url, string Protocol) Find(IConfiguration configuration, OtlpProtocol? wanted)
    {
        string? grpc = configuration[GrpcKey], http = configuration[HttpKey];
        return wanted switch
        {
            OtlpProtocol.HttpProtobuf when http is { Length: > 0 } => (http, "http/protobuf"),
            OtlpProtocol.HttpJson when http is { Length: > 0 } => (http, "http/json"),
            OtlpProtocol.HttpProtobuf or OtlpProtocol.HttpJson => throw new DistributedApplicationException(
                $"A resource wants OTLP over http, but {HttpKey} is not set."),
            _ when grpc is { Length: > 0 } => (grpc, "grpc"),
            null when http is { Length: > 0 } => (http, "http/protobuf"),
            _ => (GrpcDefault, "grpc"),
        };
    }
}
