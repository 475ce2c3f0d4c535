using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>
/// Who listens on a port, as far as that can be known: on Linux, from /proc, and there only of processes that this user may look into.
/// </summary>
internal static class PortHolder
{
    private const string ListenState = "0A";

    /// <summary>"process 4711 (ChordAspire.Peer)", or "another process" when it cannot be known.</summary>
    internal static string Describe(int port) =>
        OperatingSystem.IsLinux() && FindProcess(port) is { } id ? Describe(id, NameOf(id)) : "another process";

    private static string Describe(int id, string? name) => name is null ? $"process {id}" : $"process {id} ({name})";

    private static int? FindProcess(int port)
    {
        HashSet<string> sockets = [.. Listening("/proc/net/tcp", port), .. Listening("/proc/net/tcp6", port)];
        if (sockets.Count == 0)
            return null;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && HoldsOne(folder, sockets))
                return id;
        }

        return null;
    }

    /// <summary>The sockets of a table that listen on the port, as the links in /proc/PID/fd name them.</summary>
    private static IEnumerable<string> Listening(string table, int port)
    {
        string ending = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (string line in Lines(table))
        {
            // sl, local address, remote address, state, queues, timer, retransmits, uid, timeout, inode.
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[1].EndsWith(ending, StringComparison.Ordinal) && fields[3] == ListenState)
                yield return $"socket:[{fields[9]}]";
        }
    }

    private static string[] Lines(string table)
    {
        try
        {
            return File.ReadAllLines(table);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool HoldsOne(string process, HashSet<string> sockets)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(process, "fd")).EnumerateFiles()
                .Any(open => open.LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The program's name without its folder, and never its arguments, which may hold secrets; of <c>dotnet</c>, what it runs.</summary>
    private static string? NameOf(int id)
    {
        try
        {
            string[] words = File.ReadAllText($"/proc/{id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
            string? program = words.Length == 0 ? null : Path.GetFileName(words[0]);
            return program == "dotnet" && words.Length > 1 ? Path.GetFileName(words[1]) : program;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
