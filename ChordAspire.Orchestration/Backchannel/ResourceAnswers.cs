using System.Text.Json.Nodes;

namespace Aspire.Hosting.Backchannel;

/// <summary>What to list or to watch.</summary>
internal sealed record ResourcesRequest
{
    /// <summary>A part of the instance's name; null takes all.</summary>
    public string? Filter { get; init; }

    public IReadOnlyList<string> ClientCapabilities { get; init; } = [];
}

internal sealed record ResourcesAnswer(IReadOnlyList<ResourceAnswer> Resources);

/// <summary>A resource as the tool wants it. Texts are those of Aspire's model.</summary>
internal sealed record ResourceAnswer
{
    /// <summary>The instance's name.</summary>
    public required string Name { get; init; }

    /// <summary>The resource's own name.</summary>
    public required string DisplayName { get; init; }

    public required string ResourceType { get; init; }

    /// <summary>The same once more: left out, the tool takes it for an older one's empty type, and shows none.</summary>
    public string Type => ResourceType;

    public string? State { get; init; }

    public string? StateStyle { get; init; }

    public string? HealthStatus { get; init; }

    public int? ExitCode { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public bool IsHidden { get; init; }

    public required IReadOnlyList<UrlAnswer> Urls { get; init; }

    public required IReadOnlyList<RelationshipAnswer> Relationships { get; init; }

    public required IReadOnlyList<HealthAnswer> HealthReports { get; init; }

    public required IReadOnlyList<EnvironmentAnswer> EnvironmentVariables { get; init; }

    public required IReadOnlyDictionary<string, JsonNode?> Properties { get; init; }

    public required IReadOnlyList<CommandAnswer> Commands { get; init; }

    // Nothing here has any, but the tool takes a list that is left out for null and fails.
    public IReadOnlyList<string> Volumes { get; } = [];
}

internal sealed record UrlAnswer(string Name, string Url, bool IsInternal, UrlDisplayAnswer DisplayProperties);

internal sealed record UrlDisplayAnswer(string? DisplayName, int SortOrder);

internal sealed record RelationshipAnswer(string ResourceName, string Type);

internal sealed record HealthAnswer(string Name, string? Status, string? Description, string? ExceptionText);

internal sealed record EnvironmentAnswer(string Name, string? Value, bool IsFromSpec);

internal sealed record CommandAnswer(string Name, string DisplayName, string? Description, string State)
{
    /// <summary>For people and for tools.</summary>
    public string Visibility { get; } = "UI, Api";

    public IReadOnlyList<string> ArgumentInputs { get; } = [];
}
