using System.Net.Sockets;

namespace Aspire.Hosting.Dcp;

/// <summary>What hosts and orchestrators that were killed left on the disk, removed as soon as nobody uses it any more.</summary>
internal static class DcpLeftovers
{
    private const string SocketPattern = "dcp-notify-sock-*";

    // Between making a thing and showing that one lives with it (a lock, a listener) lies a moment.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    // Where processes cannot be listed: a DCP whose host was killed needs its folder for some seconds more, to clean up.
    private static readonly TimeSpan CleanedUp = TimeSpan.FromMinutes(2);

    internal static void Sweep(string temporaryFolder, TimeProvider time)
    {
        string? running = ProcessList.Read() is { } all ? string.Join('\n', all.Select(process => process.CommandLine)) : null;
        SweepFolders(temporaryFolder, running, time);
        SweepSockets(SocketFolder(), running, time);
    }

    /// <summary>
    /// The folders of sessions. A live host holds its lock file open; that is right where process ids are not, after reuse and between
    /// containers that share a temporary folder. A DCP that outlives its host for some seconds has the folder in its command line.
    /// </summary>
    /// <param name="temporaryFolder">Where they lie.</param>
    /// <param name="running">The command lines of all processes, or null when they cannot be known.</param>
    /// <param name="time">The clock they are dated by.</param>
    internal static void SweepFolders(string temporaryFolder, string? running, TimeProvider time)
    {
        foreach (var folder in new DirectoryInfo(temporaryFolder).EnumerateDirectories(DcpFolders.Prefix + "*"))
        {
            try
            {
                if (!IsUsed(folder, running, time.GetUtcNow() - folder.LastWriteTimeUtc))
                    folder.Delete(recursive: true);
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another host sweeps at the same moment.
            }
        }
    }

    /// <summary>The sockets by which the two halves of a DCP talk. One that was killed leaves its own; nobody listens there any more.</summary>
    internal static void SweepSockets(string folder, string? running, TimeProvider time)
    {
        if (running is null || !Directory.Exists(folder))
            return;
        foreach (var socket in new DirectoryInfo(folder).EnumerateFiles(SocketPattern))
        {
            try
            {
                bool isYoung = time.GetUtcNow() - socket.LastWriteTimeUtc < Settled;
                if (!isYoung && !running.Contains(socket.FullName, StringComparison.Ordinal) && !IsHeard(socket.FullName))
                    socket.Delete();
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // As above.
            }
        }
    }

    private static bool IsUsed(DirectoryInfo folder, string? running, TimeSpan age)
    {
        string owner = Path.Combine(folder.FullName, DcpFolders.OwnerFile);
        if (File.Exists(owner) ? IsHeld(owner) : age < Settled)
            return true;
        return running is null ? age < CleanedUp : running.Contains(folder.FullName + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static bool IsHeld(string path)
    {
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

    private static bool IsHeard(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    // Where DCP, a Go program, finds the user's cache.
    private static string SocketFolder() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "dcp");
}
