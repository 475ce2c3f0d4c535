using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Aspire.Hosting.Dcp;

/// <summary>Status and body of one answer.</summary>
internal sealed record DcpReply(HttpStatusCode Status, byte[] Body)
{
    internal bool IsSuccess => (int)Status is >= 200 and < 300;

    internal T Read<T>(JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Body, type) ?? throw new DcpException("Aspire's orchestrator sent an empty answer.");

    internal DcpException Refusal(string asked) =>
        new($"Aspire's orchestrator refused to {asked}: {(int)Status} {Message()}") { StatusCode = Status };

    private string Message()
    {
        try
        {
            return JsonSerializer.Deserialize(Body, DcpJson.Default.DcpRefusal)?.Message ?? $"{Status}";
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 300)));
        }
    }
}
