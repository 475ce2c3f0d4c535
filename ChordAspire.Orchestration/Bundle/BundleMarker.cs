using System.Text.Json;

namespace Aspire.Hosting.Bundle;

/// <summary>
/// What a complete folder holds, by size. Written last, so that its absence means "not finished"; its sizes are compared on every
/// start, which costs a few milliseconds and finds a folder that was cut short or thinned out afterwards.
/// </summary>
internal sealed record BundleMarker(string Version, string RuntimeId, SortedDictionary<string, long> Files)
{
    internal const string FileName = "complete.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static BundleMarker Describe(PlatformPackage package, string folder)
    {
        var files = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            // Whoever deletes the tool to save space shall not have to fetch everything again.
            if (name != FileName && name != package.ToolRelativePath)
                files[name] = file.Length;
        }

        return new BundleMarker(PlatformPackage.Version, package.RuntimeId, files);
    }

    internal void WriteTo(string folder) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Indented));

    /// <summary>Null when there is no readable marker: the folder was never finished.</summary>
    internal static BundleMarker? ReadFrom(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<BundleMarker>(File.ReadAllText(Path.Combine(folder, FileName)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The first thing in the folder that differs from this description, or null when all is there.</summary>
    internal string? FirstDifference(PlatformPackage package, string folder)
    {
        if (Version != PlatformPackage.Version || RuntimeId != package.RuntimeId)
            return $"it is {Version} for {RuntimeId}";
        if (!Files.ContainsKey(package.DcpRelativePath) || !Files.ContainsKey(package.DashboardRelativePath))
            return "its list names no orchestrator or no dashboard";

        foreach ((string name, long size) in Files)
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (!file.Exists)
                return $"{name} is missing";
            if (file.Length != size)
                return $"{name} has {file.Length} bytes instead of {size}";
        }

        return null;
    }
}
