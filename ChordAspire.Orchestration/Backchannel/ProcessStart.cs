using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// When this process started, in both ways the <c>aspire</c> tool compares before it signals a process: were it not true, <c>aspire stop</c> would
/// take the process id for somebody else's by now, send nothing, and report success.
/// </summary>
/// <param name="WallClock">By the wall clock.</param>
/// <param name="SinceBoot">
/// On Linux the time since the machine started, written as a time since 1970, which a wall clock that is set does not change; null elsewhere.
/// </param>
internal sealed record ProcessStart(DateTimeOffset WallClock, DateTimeOffset? SinceBoot)
{
    // USER_HZ: what /proc counts in, the same on every platform .NET runs on.
    private const int TicksPerSecond = 100;

    // proc(5): the 22nd field of a line whose 2nd, the name in brackets, may itself hold anything.
    private const int StartField = 22 - 3;

    internal static ProcessStart OfThisProcess()
    {
        using var self = Process.GetCurrentProcess();
        return new ProcessStart(self.StartTime, ReadSinceBoot());
    }

    private static DateTimeOffset? ReadSinceBoot()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        string line = File.ReadAllText("/proc/self/stat");
        string ticks = line[(line.LastIndexOf(')') + 2)..].Split(' ')[StartField];
        return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(ticks, CultureInfo.InvariantCulture) * 1000 / TicksPerSecond);
    }
}
