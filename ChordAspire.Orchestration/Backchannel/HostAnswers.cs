namespace Aspire.Hosting.Backchannel;

/// <summary>What this end can do: the tool asks first, and goes by it.</summary>
internal sealed record CapabilitiesAnswer(IReadOnlyList<string> Capabilities);

/// <summary>Which AppHost answers. By the two times the tool makes sure that the process id still means this process.</summary>
internal sealed record HostIdentity(string AppHostPath, int ProcessId, DateTimeOffset StartedAt, DateTimeOffset? StableStartedAt);

/// <summary>The same for lists, with the version.</summary>
internal sealed record HostSummary(string Pid, string AspireHostVersion, string AppHostPath, DateTimeOffset StartedAt);
