namespace Aspire.Hosting.Dcp;

/// <summary>
/// The private folder of one session. DCP refuses a state store that others could read, and removes its session folder when it ends;
/// the rest is ours to remove.
/// </summary>
internal sealed class DcpFolders : IDisposable
{
    private const string Prefix = "chord-aspire-dcp-";
    private const string OwnerFile = "owner.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // A DCP whose host was killed needs its folder for some seconds more, to clean up.
    private static readonly TimeSpan SweepAfter = TimeSpan.FromMinutes(2);

    private readonly string _root;
    private readonly FileStream _owner;

    private DcpFolders(string root)
    {
        _root = root;
        _owner = new FileStream(Path.Combine(root, OwnerFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        CreatePrivate(Session);
        CreatePrivate(StateStore);
        CreatePrivate(Diagnostics);
    }

    internal string Session => Path.Combine(_root, "session");

    internal string StateStore => Path.Combine(_root, "state");

    internal string Diagnostics => Path.Combine(_root, "diagnostics");

    internal string Kubeconfig => Path.Combine(Session, "kubeconfig");

    internal string Certificate => Path.Combine(_root, "certificate.pem");

    internal string Key => Path.Combine(_root, "key.pem");

    /// <summary>DCP removes its session folder last of all when it ends, unless it was killed.</summary>
    internal bool DcpHasEnded => !Directory.Exists(Session);

    internal static DcpFolders Create(TimeProvider time)
    {
        SweepAbandoned(Path.GetTempPath(), time);
        return new DcpFolders(Directory.CreateTempSubdirectory(Prefix).FullName);
    }

    /// <summary>
    /// Removes what sessions of dead hosts left. A live host holds its lock file open; that is right where process ids are not, after
    /// reuse and between containers that share a temporary folder.
    /// </summary>
    internal static void SweepAbandoned(string temporaryFolder, TimeProvider time)
    {
        foreach (var folder in new DirectoryInfo(temporaryFolder).EnumerateDirectories(Prefix + "*"))
        {
            try
            {
                if (time.GetUtcNow() - folder.LastWriteTimeUtc < SweepAfter || IsOwned(folder.FullName))
                    continue;
                folder.Delete(recursive: true);
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another host sweeps at the same moment.
            }
        }
    }

    public void Dispose()
    {
        _owner.Dispose();
        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // DCP is still writing; a later start sweeps it.
        }
    }

    private static bool IsOwned(string folder)
    {
        string path = Path.Combine(folder, OwnerFile);
        if (!File.Exists(path))
            return false;

        try
        {
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }
}
