namespace Aspire.Hosting.Backchannel;

/// <summary>What to wait for.</summary>
internal sealed record WaitRequest
{
    public string ResourceName { get; init; } = "";

    /// <summary><c>healthy</c>, <c>up</c> or <c>down</c>.</summary>
    public string Status { get; init; } = "healthy";

    /// <summary>Seconds. A day at the most.</summary>
    public int TimeoutSeconds { get; init; } = 120;
}

internal sealed record WaitOutcome(bool Success)
{
    public string? State { get; init; }

    public string? HealthStatus { get; init; }

    public bool ResourceNotFound { get; init; }

    public bool TimedOut { get; init; }

    public string? ErrorMessage { get; init; }
}
