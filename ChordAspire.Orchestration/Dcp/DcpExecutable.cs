namespace Aspire.Hosting.Dcp;

/// <summary>
/// One process that DCP looks after: what we asked for, and what became of it. It runs once; to run again it is deleted and created anew.
/// </summary>
internal sealed record DcpExecutable
{
    public string ApiVersion { get; init; } = DcpPaths.ApiVersion;

    public string Kind { get; init; } = "Executable";

    public required DcpMetadata Metadata { get; init; }

    public required DcpExecutableSpec Spec { get; init; }

    public DcpExecutableStatus? Status { get; init; }
}

internal sealed record DcpMetadata
{
    /// <summary>Unique among the executables that exist: a letter, <c>_</c> or <c>~</c>, then letters, digits and <c>-._~</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Given by DCP. Tells an executable from an earlier one of the same name.</summary>
    public string? Uid { get; init; }

    /// <summary>Given by DCP; differs whenever the object changed.</summary>
    public string? ResourceVersion { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }
}

internal sealed record DcpExecutableSpec
{
    /// <summary>A path, or a bare name that DCP looks up in PATH.</summary>
    public required string ExecutablePath { get; init; }

    public string? WorkingDirectory { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<DcpEnvironmentVariable>? Env { get; init; }

    /// <summary>False waits to be started; null and true start at once.</summary>
    public bool? Start { get; init; }

    /// <summary>True stops the process; there is no way back.</summary>
    public bool? Stop { get; init; }

    public string ExecutionType { get; init; } = "Process";

    /// <summary>Null inherits the environment of DCP, which is ours less a few names.</summary>
    public DcpAmbientEnvironment? AmbientEnvironment { get; init; }
}

internal sealed record DcpEnvironmentVariable(string Name, string? Value);

/// <param name="Behavior"><c>Inherit</c> or <c>DoNotInherit</c>.</param>
internal sealed record DcpAmbientEnvironment(string Behavior);

internal sealed record DcpExecutableStatus
{
    /// <summary>One of <see cref="DcpExecutableState"/>, or null before DCP has looked at the object.</summary>
    public string? State { get; init; }

    public int? Pid { get; init; }

    /// <summary>Absent while it runs; -1 after any signal.</summary>
    public int? ExitCode { get; init; }

    public DateTimeOffset? StartupTimestamp { get; init; }

    public DateTimeOffset? FinishTimestamp { get; init; }
}

/// <summary>The states that DCP reports. <see cref="Running"/> says that a process exists, not that it answers.</summary>
internal static class DcpExecutableState
{
    internal const string Starting = "Starting";
    internal const string Running = "Running";
    internal const string Stopping = "Stopping";
    internal const string Finished = "Finished";
    internal const string Terminated = "Terminated";
    internal const string FailedToStart = "FailedToStart";
    internal const string Unknown = "Unknown";
}
