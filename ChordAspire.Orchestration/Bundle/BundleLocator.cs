using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Bundle;

/// <summary>Finds Aspire's orchestrator and dashboard, fetching them once when nobody named them.</summary>
internal static class BundleLocator
{
    /// <summary>
    /// First match wins: <c>DcpPublisher:CliPath</c> with <c>DcpPublisher:DashboardPath</c>; <c>ASPIRE_DCP_PATH</c> (a folder) with
    /// <c>ASPIRE_DASHBOARD_PATH</c> (a file); else the pinned npm package, unpacked once below <c>.aspire</c>.
    /// </summary>
    /// <param name="configuration">Where the names above are read; a name it lacks is looked up in the environment.</param>
    /// <param name="repositoryDirectory">The folder that holds, or will hold, <c>.aspire</c>.</param>
    /// <param name="say">Takes progress lines for a person, only when there is something to wait for.</param>
    /// <param name="time">The clock behind every limit.</param>
    /// <param name="cancellationToken">Gives up at once, also while npm runs.</param>
    /// <exception cref="BundleException">The tools cannot be had; the message says what to do.</exception>
    internal static async Task<AspireBundle> LocateAsync(
        IConfiguration configuration, string repositoryDirectory, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        if (NamedTools.Find(key => configuration[key] ?? ReadEnvironment(key)) is { } named)
            return named;

        var package = PlatformPackage.ForThisMachine();
        var store = new BundleStore(Path.GetFullPath(Path.Combine(repositoryDirectory, ".aspire")), package);
        if (store.FindComplete() is { } unpacked)
            return unpacked;

        return await new BundleInstaller(store, package, new NpmClient(time), say, time).InstallAsync(cancellationToken);
    }

    // A host may be built without the environment as a configuration source; the names are documented as environment variables all the same.
    private static string? ReadEnvironment(string key) =>
        Environment.GetEnvironmentVariable(key.Replace(":", "__", StringComparison.Ordinal));
}
