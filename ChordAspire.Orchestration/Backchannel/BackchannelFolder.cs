using System.Diagnostics;
using System.Net.Sockets;

namespace Aspire.Hosting.Backchannel;

/// <summary>The folder in which the <c>aspire</c> tool looks for sockets: below the user's home, and for that user alone.</summary>
/// <param name="home">The user's home.</param>
internal sealed class BackchannelFolder(string home)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    internal string Path { get; } = System.IO.Path.Combine(home, ".aspire", "cli", "bch");

    internal static BackchannelFolder OfUser() => new(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Makes the folder if need be. Whoever reaches a socket in it commands the application, so nobody else may enter.</summary>
    internal void Prepare()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
            return;
        }

        Directory.CreateDirectory(Path, OwnerOnly);
        if (File.GetUnixFileMode(Path) != OwnerOnly)
            File.SetUnixFileMode(Path, OwnerOnly);
    }

    /// <summary>Removes what runs of this AppHost that were killed have left.</summary>
    internal void RemoveStale(string appHostId)
    {
        foreach (string socket in Directory.EnumerateFiles(Path, appHostId + "*"))
        {
            if (SocketName.ProcessIdOf(System.IO.Path.GetFileName(socket), appHostId) is { } id && !IsAlive(id) && !Answers(socket))
                TryRemove(socket);
        }
    }

    internal static void TryRemove(string socket)
    {
        try
        {
            File.Delete(socket);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The tool passes over a socket that nobody answers, and the next start tries again.
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    // In a container that shares this home, process ids are others: whoever answers is alive.
    private static bool Answers(string socket)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
