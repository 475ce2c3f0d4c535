using System.Globalization;

namespace Aspire.Hosting.Dcp;

/// <summary>What runs on this machine, as far as we may see it.</summary>
internal static class ProcessList
{
    /// <summary>All processes with their command lines, the words of which end in a null character; null where they cannot be listed.</summary>
    internal static IEnumerable<(int Id, string CommandLine)>? Read() =>
        OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc").Select(Read).OfType<(int, string)>() : null;

    private static (int Id, string CommandLine)? Read(string folder)
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                ? (id, File.ReadAllText(Path.Combine(folder, "cmdline")))
                : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
