using System.Runtime.InteropServices;

namespace ChordAspire.Tests.Peer;

/// <summary>Signals to a process that the tests have started, by its own id.</summary>
internal static partial class ProcessSignal
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int processId, int signal) => Assert.Equal(0, kill(processId, signal));

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int processId, int signal);
}
