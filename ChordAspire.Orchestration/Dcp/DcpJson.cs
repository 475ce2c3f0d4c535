using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Dcp;

/// <summary>DCP's wire format for what we read and write, generated at build time: no reflection on the start path.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DcpExecutable))]
[JsonSerializable(typeof(DcpExecutableList))]
[JsonSerializable(typeof(DcpWatchEvent))]
[JsonSerializable(typeof(DcpExecution))]
[JsonSerializable(typeof(DcpRefusal))]
internal sealed partial class DcpJson : JsonSerializerContext;

internal sealed record DcpExecutableList(IReadOnlyList<DcpExecutable>? Items);

/// <summary>The object stays unread until its type is known: with type <c>ERROR</c> it is no executable.</summary>
internal sealed record DcpWatchEvent(string Type, JsonElement Object);

/// <summary>The document that holds what DCP as a whole is doing.</summary>
internal sealed record DcpExecution(string? Status, string? ShutdownResourceCleanup = null);

/// <summary>What Kubernetes-style servers send instead of the object when they refuse.</summary>
internal sealed record DcpRefusal(string? Message);
