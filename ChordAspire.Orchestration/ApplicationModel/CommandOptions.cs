namespace Aspire.Hosting.ApplicationModel;

public enum IconVariant
{
    Regular = 0,
    Filled = 1,
}

/// <summary>Whether a command can be pressed now.</summary>
public enum ResourceCommandState
{
    Enabled = 0,
    Disabled = 1,
    Hidden = 2,
}

/// <summary>How a command looks and when it can be used. Null stands for the dashboard's default.</summary>
public class CommandOptions
{
    /// <summary>Shown as a tooltip.</summary>
    public string? Description { get; set; }

    /// <summary>Asked before the command runs; null asks nothing.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>A name of the Fluent icon set.</summary>
    public string? IconName { get; set; }

    public IconVariant? IconVariant { get; set; }

    /// <summary>Stands in the row itself, not only in its menu.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Asked again whenever the resource changes; null leaves the command enabled.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>What a command's state may depend on.</summary>
public sealed class UpdateCommandStateContext
{
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    public required IServiceProvider Services { get; init; }
}
