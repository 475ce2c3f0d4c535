using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ChordAspire.ServiceDefaults;

/// <summary>What every process here does the same way: telemetry by OTLP where an endpoint is set, and health endpoints.</summary>
public static class Extensions
{
    /// <summary>Answers 200 when the process is ready for work.</summary>
    public const string HealthPath = "/health";

    /// <summary>Answers 200 as long as the process is alive.</summary>
    public const string AlivePath = "/alive";

    /// <summary>Sources and meters of this repository, by name.</summary>
    private const string OurTelemetry = "ChordAspire.*";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", static () => HealthCheckResult.Healthy(), ["live"]);
        return builder;
    }

    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // Without a collector nothing is gathered at all: an idle process stays small.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return builder;
        // A collector that is gone must not hold up the end of the process: the SDK flushes traces, metrics and logs one after the other, and
        // waits for each as long as this. Orchestrators kill what takes more than a few seconds.
        builder.Configuration["OTEL_EXPORTER_OTLP_TIMEOUT"] ??= "1000";
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OurTelemetry))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName)
                .AddSource(OurTelemetry)
                .AddAspNetCoreInstrumentation(options =>
                    // Health probes come every few seconds and say nothing about the ring.
                    options.Filter = static context =>
                        !context.Request.Path.StartsWithSegments(HealthPath) && !context.Request.Path.StartsWithSegments(AlivePath))
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
        return builder;
    }

    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath);
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = static check => check.Tags.Contains("live") });
        return app;
    }
}
