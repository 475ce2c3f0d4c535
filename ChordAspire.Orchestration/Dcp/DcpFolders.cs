namespace Aspire.Hosting.Dcp;

/// <summary>
/// The private folder of one session. DCP refuses a state store that others could read, and removes its session folder when it ends;
/// the rest is ours to remove.
/// </summary>
internal sealed class DcpFolders : IDisposable
{
    internal const string Prefix = "chord-aspire-dcp-";
    internal const string OwnerFile = "owner.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

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

    /// <exception cref="DcpException">The home or the temporary folder will not do; the message says why, and what to do.</exception>
    internal static DcpFolders Create(TimeProvider time)
    {
        EnsureHome();
        string temporary = Path.GetTempPath();
        try
        {
            DcpLeftovers.Sweep(temporary, time);
            var folders = new DcpFolders(Directory.CreateTempSubdirectory(Prefix).FullName);
            folders.RefuseOpenRights();
            return folders;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new DcpException(
                $"Aspire's orchestrator needs a folder of its own below '{temporary}', which cannot be made: {refused.Message} "
                + "Make that folder writable, or set TMPDIR to one that is.", refused);
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

    /// <summary>A disk that does not keep rights (FAT, some network folders) would have DCP end a second after its start.</summary>
    internal void RefuseOpenRights()
    {
        if (OperatingSystem.IsWindows() || File.GetUnixFileMode(StateStore) == OwnerOnly)
            return;
        Dispose();
        throw new DcpException(
            $"Aspire's orchestrator keeps its state only where nobody else can read it, and '{Path.GetDirectoryName(_root)}' does not keep "
            + "access rights. Set TMPDIR to a folder that does.");
    }

    /// <summary>DCP ends at once where it cannot have a folder of its own in the user's home, which it only creates.</summary>
    private static void EnsureHome()
    {
        if (OperatingSystem.IsWindows())
            return;
        string? home = Environment.GetEnvironmentVariable("HOME");
        try
        {
            CreatePrivate(Path.Combine(home is { Length: > 0 } ? home : throw new IOException("it is not set."), ".dcp"));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new DcpException(
                $"Aspire's orchestrator needs a folder '.dcp' in the home folder, which HOME names ('{home}'): {refused.Message} "
                + "Set HOME to a folder that can be written to.", refused);
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
