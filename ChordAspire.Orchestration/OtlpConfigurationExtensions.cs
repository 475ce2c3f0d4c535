using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public enum OtlpProtocol
{
    Grpc = 0,
    HttpProtobuf = 1,
    HttpJson = 2,
}

public static class OtlpConfigurationExtensions
{
    /// <summary>Lets the resource send its telemetry to the dashboard. Projects do so anyway.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment => builder.With(new OtlpExporterAnnotation());

    /// <inheritdoc cref="WithOtlpExporter{T}(IResourceBuilder{T})"/>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment => builder.With(new OtlpExporterAnnotation { RequiredProtocol = protocol });

    private static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, OtlpExporterAnnotation wish)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        IDistributedApplicationBuilder application = builder.ApplicationBuilder;
        return builder.WithAnnotation(wish).WithEnvironment(context =>
            Set(context.EnvironmentVariables, builder.Resource, wish.RequiredProtocol, application.Configuration, application.Environment));
    }

    private static void Set(
        Dictionary<string, object> variables,
        IResource resource,
        OtlpProtocol? wanted,
        ConfigurationManager configuration,
        IHostEnvironment environment)
    {
        (string url, string protocol) = OtlpAddress.Find(configuration, wanted);
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = url;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        if (resource.TryGetLastAnnotation(out InstanceAnnotation? instance))
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Suffix}";
        if (configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key)
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        if (!environment.IsDevelopment())
            return;

        // Whoever develops wants to see things at once, and all of them.
        const string second = "1000";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = second;
        variables["OTEL_BSP_SCHEDULE_DELAY"] = second;
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = second;
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
    }
}
