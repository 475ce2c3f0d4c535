namespace Aspire.Hosting;

/// <summary>How an application is to be run.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Command-line arguments; they count as configuration.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; null stands for the program's own.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost's folder; null stands for the one written into its assembly, or else the current one.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Run without the dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>The name shown in the dashboard; null stands for the AppHost's name.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Allow plain http for the dashboard, as <c>ASPIRE_ALLOW_UNSECURED_TRANSPORT</c> does.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Copy what the resources write into the host's own log.</summary>
    public bool EnableResourceLogging { get; set; }
}
