using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Backchannel;

/// <summary>What the tool is told of this AppHost itself.</summary>
internal sealed class HostFacts(IConfiguration configuration)
{
    /// <summary>The version of Aspire whose interface this is; the tool shows it in its list.</summary>
    internal const string AspireVersion = "13.5";

    private readonly ProcessStart _start = ProcessStart.OfThisProcess();

    /// <summary>The project's file where it is known, or else its folder and name.</summary>
    internal string Path { get; } = configuration["AppHost:FilePath"] ?? configuration["AppHost:Path"] ?? "unknown";

    internal HostIdentity Identity => new(Path, Environment.ProcessId, _start.WallClock, _start.SinceBoot);

    internal HostSummary Summary =>
        new(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), AspireVersion, Path, _start.WallClock);
}
