namespace Aspire.Hosting.Bundle;

/// <summary>The folder <c>.aspire</c>: one unpacked folder per version and platform, and work in progress beside it.</summary>
internal sealed class BundleStore(string root, PlatformPackage package)
{
    private const string WorkPrefix = "fetching-";

    internal string Root { get; } = root;

    internal string LockPath => Path.Combine(Root, "lock");

    internal string Folder => Path.Combine(Root, package.FolderName);

    /// <summary>The unpacked tools, if they are all there.</summary>
    internal AspireBundle? FindComplete()
    {
        if (BundleMarker.ReadFrom(Folder) is not { } marker || marker.FirstDifference(package, Folder) is not null)
            return null;

        string dcp = Path.Combine(Folder, package.DcpRelativePath);
        string dashboard = Path.Combine(Folder, package.DashboardRelativePath);

        // Archives and caches of build machines like to lose this bit; asking for 125 MB again because of it would be silly.
        FilePermissions.LetOwnerRun(dcp);
        FilePermissions.LetOwnerRun(dashboard);
        return new AspireBundle(dcp, dashboard, PlatformPackage.Version);
    }

    /// <summary>Why the folder that is there cannot be used, or null when there is none.</summary>
    internal string? DescribeDamage()
    {
        if (!Directory.Exists(Folder))
            return null;

        return BundleMarker.ReadFrom(Folder) is { } marker
            ? marker.FirstDifference(package, Folder)
            : "it was never finished";
    }

    /// <summary>A new folder to work in. On the same disk as the final one, so that the last step is a rename.</summary>
    internal string CreateWorkFolder() =>
        Directory.CreateDirectory(Path.Combine(Root, WorkPrefix + Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>
    /// Only for the holder of the lock: its own work, and what processes that died left. As far as possible, for an npm that outlived its
    /// killed parent may still be writing; the next holder tries again.
    /// </summary>
    internal void RemoveWork()
    {
        foreach (string folder in Directory.EnumerateDirectories(Root, WorkPrefix + "*"))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    /// <summary>Only for the holder of the lock. Others see the old state or the finished folder, and nothing between.</summary>
    internal void MoveIntoPlace(string finished)
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        Directory.Move(finished, Folder);
    }
}
