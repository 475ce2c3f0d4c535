using System.Collections.Concurrent;
using ChordAspire.Tests.Telemetry.Otlp;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Telemetry;

/// <summary>Collects spans over OTLP/gRPC, as the dashboard does: set <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> to <see cref="Endpoint"/>.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly WebApplication _app;
    private readonly Collected _collected;

    private OtlpReceiver(WebApplication app, Collected collected)
    {
        _app = app;
        _collected = collected;
    }

    /// <summary>On loopback, at a free port.</summary>
    public string Endpoint => _app.Urls.Single();

    /// <summary>All spans so far, in the order of their arrival.</summary>
    public IReadOnlyCollection<ReceivedSpan> Spans => _collected.Spans;

    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var collected = new Collected();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(collected);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellationToken);
        return new OtlpReceiver(app, collected);
    }

    /// <summary>The spans of one trace.</summary>
    public IReadOnlyList<ReceivedSpan> Trace(string traceId) => [.. Spans.Where(span => span.TraceId == traceId)];

    /// <summary>Waits until the spans satisfy a condition, and returns them; on giving up, shows them.</summary>
    public async Task<IReadOnlyList<ReceivedSpan>> WaitForAsync(
        string what, Func<IReadOnlyCollection<ReceivedSpan>, IReadOnlyList<ReceivedSpan>?> find, TimeSpan patience, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            IReadOnlyCollection<ReceivedSpan> spans = Spans;
            if (find(spans) is { } found)
                return found;
            if (TimeProvider.System.GetElapsedTime(started) > patience)
                Assert.Fail($"No {what} within {patience}. The last spans:\n{string.Join('\n', spans.TakeLast(40))}");
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Collected
    {
        public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();
    }

    private sealed class Service(Collected collected) : TraceService.TraceServiceBase
    {
        private static readonly Task<ExportTraceServiceResponse> Thanks = Task.FromResult(new ExportTraceServiceResponse());

        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (ReceivedSpan span in ReceivedSpan.From(request))
                collected.Spans.Enqueue(span);
            return Thanks;
        }
    }
}
