using System.Text.Json.Nodes;

namespace Aspire.Hosting.Backchannel;

/// <summary>A command to a resource.</summary>
internal sealed record CommandRequest
{
    public string ResourceName { get; init; } = "";

    public string CommandName { get; init; } = "";

    /// <summary>An object or a list. Commands take none here.</summary>
    public JsonNode? Arguments { get; init; }

    /// <summary>Only say whether it could be given.</summary>
    public bool ValidateOnly { get; init; }

    /// <summary>Say which arguments it takes.</summary>
    public bool ReturnArgumentInputs { get; init; }
}

internal sealed record CommandOutcome(bool Success, bool Canceled, string? Message)
{
    /// <summary>The message once more, where older tools look for it.</summary>
    public string? ErrorMessage => Message;

    /// <summary>What is wrong with which argument; nothing, where there are none.</summary>
    public IReadOnlyList<string> ValidationErrors { get; } = [];

    /// <summary>The arguments the command takes, which is none; null unless asked for.</summary>
    public IReadOnlyList<string>? ArgumentInputs { get; init; }
}
