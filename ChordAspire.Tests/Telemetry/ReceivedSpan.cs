using System.Globalization;
using ChordAspire.Tests.Telemetry.Otlp;

namespace ChordAspire.Tests.Telemetry;

/// <summary>A span as it arrived.</summary>
/// <param name="Service">The resource's <c>service.name</c>.</param>
/// <param name="ParentId">Null for a root span.</param>
/// <param name="Kind">1 internal, 2 server, 3 client.</param>
public sealed record ReceivedSpan(
    string Service, string TraceId, string SpanId, string? ParentId, string Name, int Kind, bool IsError, IReadOnlyDictionary<string, string> Tags)
{
    public const int Server = 2;
    public const int Client = 3;

    /// <summary>A tag's value in words; null when it is not set.</summary>
    public string? this[string tag] => Tags.GetValueOrDefault(tag);

    internal static IEnumerable<ReceivedSpan> From(ExportTraceServiceRequest request)
    {
        foreach (ResourceSpans resource in request.ResourceSpans)
        {
            string service = resource.Resource?.Attributes.FirstOrDefault(tag => tag.Key == "service.name") is { } name ? Text(name.Value) : "";
            foreach (Span span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                yield return new ReceivedSpan(
                    service,
                    Hex(span.TraceId),
                    Hex(span.SpanId),
                    span.ParentSpanId.IsEmpty ? null : Hex(span.ParentSpanId),
                    span.Name,
                    span.Kind,
                    span.Status?.Code == 2,
                    span.Attributes.ToDictionary(tag => tag.Key, tag => Text(tag.Value)));
            }
        }
    }

    private static string Hex(Google.Protobuf.ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static string Text(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };
}
