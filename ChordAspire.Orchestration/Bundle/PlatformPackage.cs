using System.Runtime.InteropServices;

namespace Aspire.Hosting.Bundle;

/// <summary>The npm package that carries Aspire's tools for one platform.</summary>
internal sealed record PlatformPackage(string RuntimeId, string ExecutableSuffix)
{
    /// <summary>Pinned: the interface of DCP is not a published contract, so a new version is a decision and not an accident.</summary>
    internal const string Version = "13.5.4";

    internal const string NamedToolsHint = "set ASPIRE_DCP_PATH (the folder that holds dcp) and ASPIRE_DASHBOARD_PATH (the file aspire-managed)";

    internal string Name => $"@microsoft/aspire-cli-{RuntimeId}";

    internal string Spec => $"{Name}@{Version}";

    internal NpmPackage Npm => new(Spec, "Aspire's orchestrator and dashboard", NamedToolsHint, Megabytes: 600);

    internal string FolderName => $"{Version}-{RuntimeId}";

    internal string DcpRelativePath => $"dcp/dcp{ExecutableSuffix}";

    internal string DashboardRelativePath => $"managed/aspire-managed{ExecutableSuffix}";

    /// <summary>The command line tool itself. No run needs it: it is kept for people, since it is there already.</summary>
    internal string ToolRelativePath => $"bin/aspire{ExecutableSuffix}";

    /// <summary>The dashboard reads its pages from beside itself; without them it starts and serves nothing.</summary>
    internal static string DashboardPagesRelativePath => "managed/wwwroot";

    internal static PlatformPackage ForThisMachine() =>
        For(RuntimeInformation.RuntimeIdentifier, RuntimeInformation.OSArchitecture);

    internal static PlatformPackage For(string runtimeIdentifier, Architecture architecture)
    {
        string? cpu = architecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => null,
        };

        // A distribution's own .NET says "ubuntu.24.04-x64" or "alpine.3.22-x64" where Microsoft's says "linux-x64" or "linux-musl-x64".
        string name = runtimeIdentifier.ToUpperInvariant();
        string system = name switch
        {
            _ when name.StartsWith("WIN", StringComparison.Ordinal) => "win",
            _ when name.StartsWith("OSX", StringComparison.Ordinal) => "osx",
            _ when name.Contains("MUSL", StringComparison.Ordinal) || name.StartsWith("ALPINE", StringComparison.Ordinal) => "linux-musl",
            _ when name.StartsWith("FREEBSD", StringComparison.Ordinal) || name.StartsWith("BROWSER", StringComparison.Ordinal) => "",
            _ => "linux",
        };

        if (cpu is null || system.Length == 0)
        {
            throw new BundleException(
                $"Aspire's orchestrator and dashboard are not published for this platform ({runtimeIdentifier}, {architecture}). " +
                $"Use Linux, macOS or Windows on x64 or arm64, or {NamedToolsHint}.");
        }

        return new PlatformPackage($"{system}-{cpu}", system == "win" ? ".exe" : "");
    }
}
