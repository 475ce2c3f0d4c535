using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Aspire.Hosting.Bundle;

/// <summary>Fetches and unpacks the tools once, however many processes want them at the same time.</summary>
/// <param name="store">Where they are put.</param>
/// <param name="package">What holds them.</param>
/// <param name="npm">How that is fetched.</param>
/// <param name="say">Takes progress lines for a person.</param>
/// <param name="time">The clock behind the limits.</param>
/// <param name="unpack">Writes what an archive holds into a folder; null for the usual way. Disks do not get full when a test wants it.</param>
internal sealed class BundleInstaller(
    BundleStore store,
    PlatformPackage package,
    NpmClient npm,
    Action<string> say,
    TimeProvider time,
    Func<string, string, CancellationToken, Task>? unpack = null)
{
    // The download, and then what is unpacked from it; npm's cache is gone by then.
    private const long BytesNeeded = 600_000_000;
    private const long Megabyte = 1_000_000;

    // How an IOException tells of a full disk.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    // Longer than npm's own limit, so that whoever waits sees the holder fail first.
    private static readonly TimeSpan LockLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ProofLimit = TimeSpan.FromSeconds(30);

    internal async Task<AspireBundle> InstallAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(store.Root);
            using InterProcessLock held = await InterProcessLock.TakeAsync(
                store.LockPath,
                holder => say($"Waiting for {holder}, which is fetching Aspire's tools into {store.Root} …"),
                LockLimit, time, cancellationToken);

            // Whoever held the lock before may have done the work.
            return store.FindComplete() ?? await FetchAsync(cancellationToken);
        }
        catch (IOException full) when (full.HResult is NoSpace or QuotaExceeded or NoSpaceOnWindows)
        {
            throw new BundleException(
                $"The disk is full: Aspire's tools could not be unpacked into {store.Root}. "
                + $"Free about {BytesNeeded / Megabyte} MB and try again.", full);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                $"Aspire's tools could not be stored in {store.Root}: {refused.Message} " +
                $"Make that folder writable, or {PlatformPackage.NamedToolsHint}.", refused);
        }
    }

    private async Task<AspireBundle> FetchAsync(CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        store.RemoveWork();
        if (store.DescribeDamage() is { } damage)
            say($"Replacing {store.Folder}: {damage}.");
        EnsureSpace();
        npm.Require(package.Npm);

        say($"Fetching Aspire's orchestrator and dashboard {PlatformPackage.Version} from npm (about 125 MB, once) into .aspire …");
        string work = store.CreateWorkFolder();
        try
        {
            string downloads = Directory.CreateDirectory(Path.Combine(work, "download")).FullName;
            string tools = Directory.CreateDirectory(Path.Combine(work, "tools")).FullName;
            string archive = await npm.PackAsync(package.Npm, downloads, cancellationToken);
            RemoveAllBut(archive, downloads);
            await UnpackAsync(archive, tools, cancellationToken);
            await ProveAsync(tools, cancellationToken);

            BundleMarker.Describe(package, tools).WriteTo(tools);
            store.MoveIntoPlace(tools);
        }
        finally
        {
            store.RemoveWork();
        }

        say($"Aspire's orchestrator and dashboard {PlatformPackage.Version} are ready after {time.GetElapsedTime(since).TotalSeconds:0.0} s.");
        return store.FindComplete() ?? throw AspireCliPackage.Unexpected(package, store.DescribeDamage() ?? "it vanished after it was unpacked");
    }

    private async Task UnpackAsync(string archive, string tools, CancellationToken cancellationToken)
    {
        try
        {
            await (unpack ?? UnpackToolsAsync)(archive, tools, cancellationToken);
        }
        catch (Exception corrupt) when (corrupt is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw AspireCliPackage.Unexpected(package, $"it is damaged ({corrupt.Message})");
        }
    }

    private Task UnpackToolsAsync(string archive, string tools, CancellationToken cancellationToken) =>
        AspireCliPackage.UnpackToolsAsync(archive, package, tools, cancellationToken);

    /// <summary>The version number alone proves that the program fits this machine and was unpacked whole.</summary>
    private async Task ProveAsync(string tools, CancellationToken cancellationToken)
    {
        string dcp = Path.Combine(tools, package.DcpRelativePath);
        string dashboard = Path.Combine(tools, package.DashboardRelativePath);
        if (!File.Exists(dcp))
            throw AspireCliPackage.Unexpected(package, $"there is no {package.DcpRelativePath}");
        if (!File.Exists(dashboard))
            throw AspireCliPackage.Unexpected(package, $"there is no {package.DashboardRelativePath}");
        if (!Directory.Exists(Path.Combine(tools, PlatformPackage.DashboardPagesRelativePath)))
            throw AspireCliPackage.Unexpected(package, $"there is no {PlatformPackage.DashboardPagesRelativePath}");

        FilePermissions.LetOwnerRun(dcp);
        FilePermissions.LetOwnerRun(dashboard);
        try
        {
            ChildResult result = await ChildProcess.RunAsync(new ProcessStartInfo(dcp, ["version"]), ProofLimit, time, cancellationToken);
            using var version = JsonDocument.Parse(result.Output);
            if (result.ExitCode != 0 || !version.RootElement.TryGetProperty("version", out _))
                throw AspireCliPackage.Unexpected(package, $"'dcp version' ended with exit code {result.ExitCode}: {result.Tail(3)}");
        }
        catch (Exception unable) when (unable is Win32Exception or JsonException or TimeoutException)
        {
            throw new BundleException(
                $"The orchestrator from {package.Spec} does not run on this machine ({unable.Message}). " +
                $"If this is another platform or libc, {PlatformPackage.NamedToolsHint}.", unable);
        }
    }

    private static void RemoveAllBut(string archive, string folder)
    {
        foreach (string directory in Directory.EnumerateDirectories(folder))
            Directory.Delete(directory, recursive: true);
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => file != archive))
            File.Delete(file);
    }

    private void EnsureSpace()
    {
        long free = new DriveInfo(store.Root).AvailableFreeSpace;
        if (free < BytesNeeded)
        {
            throw new BundleException(
                $"Aspire's tools need about {BytesNeeded / Megabyte} MB below {store.Root}, and the disk has {free / Megabyte} MB left. " +
                "Free some space and try again.");
        }
    }
}
