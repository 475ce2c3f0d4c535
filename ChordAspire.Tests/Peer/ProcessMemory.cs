using System.Globalization;

namespace ChordAspire.Tests.Peer;

/// <summary>What a process has in memory, as the system counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>Bytes that have been resident at most, since the process began.</summary>
    public static long Peak(int processId) => Read(processId, "VmHWM:");

    /// <summary>Bytes that are resident.</summary>
    public static long Resident(int processId) => Read(processId, "VmRSS:");

    private static long Read(int processId, string field)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture) << 10;
    }
}
