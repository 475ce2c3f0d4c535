using System.Diagnostics;

namespace Aspire.Hosting.Bundle;

/// <summary>
/// Fetches one package through the user's own npm, so that their registry, proxy and credentials apply without this code knowing any of
/// them.
/// </summary>
/// <param name="time">The clock behind the limit.</param>
/// <param name="searchPath">Folders to look for npm in, separated as in PATH; null for PATH itself.</param>
internal sealed class NpmClient(TimeProvider time, string? searchPath = null)
{
    private const int LinesShown = 15;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The npm that <see cref="PackAsync"/> would use. Asked for first, so that nobody is told of a download that cannot begin.</summary>
    internal string Require(NpmPackage package)
    {
        string program = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        return (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
            ?? throw new BundleException(
                $"npm was not found in PATH. Node.js with npm is needed once, to fetch {package.Holds} ({package.Spec}). " +
                $"Install it, or {package.Otherwise}.");
    }

    /// <summary>The downloaded archive, in <paramref name="folder"/>.</summary>
    internal async Task<string> PackAsync(NpmPackage package, string folder, CancellationToken cancellationToken)
    {
        string npm = Require(package);
        ChildResult result;
        try
        {
            result = await ChildProcess.RunAsync(Command(npm, package, folder), Limit, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new BundleException(
                $"npm did not finish fetching {package.Spec} within {Limit.TotalMinutes:0} minutes. Check the network and try again.", late);
        }

        if (result.ExitCode != 0)
            throw new BundleException(Explain(package, result));

        return Directory.EnumerateFiles(folder, "*.tgz").FirstOrDefault()
            ?? throw new BundleException(
                $"npm reported success, but left no package for {package.Spec}. It said:{Environment.NewLine}{Tail(result)}");
    }

    private static ProcessStartInfo Command(string npm, NpmPackage package, string folder)
    {
        var command = new ProcessStartInfo(npm) { WorkingDirectory = folder };
        string[] arguments =
        [
            "pack", package.Spec,
            "--pack-destination", folder,
            // In the work folder, and gone with it: npm would otherwise keep a second copy in the user's home for ever.
            "--cache", Path.Combine(folder, "npm-cache"),
            "--ignore-scripts", "--no-update-notifier", "--no-progress", "--loglevel", "error",
        ];
        foreach (string argument in arguments)
            command.ArgumentList.Add(argument);
        return command;
    }

    private static string Tail(ChildResult result) => result.Tail(LinesShown, IsWorthShowing);

    // Not its own stack; nor its log, which lies in the work folder and is gone by the time anyone reads about it.
    private static bool IsWorthShowing(string line)
    {
        string text = line.Replace("npm error", "", StringComparison.Ordinal).Trim();
        return text.Length > 1 && !text.StartsWith("at ", StringComparison.Ordinal) && !text.Contains("_logs", StringComparison.Ordinal);
    }

    private static string Explain(NpmPackage package, ChildResult result)
    {
        string said = $"npm said:{Environment.NewLine}{Tail(result)}";
        string all = result.Errors + result.Output;
        if (all.Contains("E404", StringComparison.Ordinal) || all.Contains("ETARGET", StringComparison.Ordinal))
        {
            return $"The npm registry in use has no {package.Spec}, so {package.Holds} cannot be fetched. " +
                $"Use another registry, or {package.Otherwise}. {said}";
        }

        if (all.Contains("ENOSPC", StringComparison.Ordinal))
            return $"The disk is full: npm could not store {package.Spec}. Free about {package.Megabytes} MB and try again. {said}";

        return $"npm could not fetch {package.Spec} (exit code {result.ExitCode}). " +
            $"Check the network and npm's settings, then try again, or {package.Otherwise}. {said}";
    }
}
