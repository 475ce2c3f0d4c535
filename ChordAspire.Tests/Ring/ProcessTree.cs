using System.Globalization;

namespace ChordAspire.Tests.Ring;

/// <summary>Which processes belong together, read from /proc.</summary>
internal static class ProcessTree
{
    /// <summary>This process, what it started, and the orchestrator that watches it with what that started: the orchestrator detaches itself.</summary>
    public static IReadOnlyList<int> Of(int host)
    {
        Entry[] all = [.. Directory.EnumerateDirectories("/proc").Select(Read).OfType<Entry>()];
        string watching = $"--monitor\0{host.ToString(CultureInfo.InvariantCulture)}\0";
        var found = new List<int>();
        List<int> generation = [host, .. all.Where(entry => entry.CommandLine.Contains(watching, StringComparison.Ordinal)).Select(entry => entry.Id)];
        while (generation.Count > 0)
        {
            found.AddRange(generation);
            generation = [.. all.Where(entry => generation.Contains(entry.Parent) && !found.Contains(entry.Id)).Select(entry => entry.Id)];
        }
        return [.. found.Distinct()];
    }

    /// <summary>Who started a process.</summary>
    public static int ParentOf(int id) => Read($"/proc/{id}")?.Parent ?? throw new InvalidOperationException($"There is no process {id}.");

    public static IReadOnlyList<int> ChildrenOf(int id) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Read).OfType<Entry>().Where(entry => entry.Parent == id).Select(entry => entry.Id)];

    /// <summary>The command line of a process, its words apart by spaces; empty when it is gone.</summary>
    public static string CommandOf(int id) => Read($"/proc/{id}")?.CommandLine.Replace('\0', ' ') ?? "";

    /// <summary>All processes that were given a variable with this value, or inherited it.</summary>
    public static IReadOnlyList<int> WithVariable(string name, string value)
    {
        string wanted = $"{name}={value}";
        return [.. Directory.EnumerateDirectories("/proc").Select(Read).OfType<Entry>().Select(entry => entry.Id)
            .Where(id => IsAlive(id) && VariablesOf(id).Contains(wanted))];
    }

    /// <summary>Whether a process is there and is no zombie.</summary>
    public static bool IsAlive(int id) => Read($"/proc/{id}") is { State: not 'Z' };

    private static string[] VariablesOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Entry? Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            return null;
        try
        {
            // After the name, which may hold anything but stands in brackets: state, parent.
            string stat = File.ReadAllText($"{folder}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0], File.ReadAllText($"{folder}/cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Entry(int Id, int Parent, char State, string CommandLine);
}
