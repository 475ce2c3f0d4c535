using System.Text;
using System.Text.Json;

namespace Aspire.Hosting.Running;

/// <summary>One profile of <c>Properties/launchSettings.json</c>, as far as a host needs it.</summary>
internal sealed record LaunchProfile
{
    public string? CommandName { get; init; }

    public string? CommandLineArgs { get; init; }

    public string? ApplicationUrl { get; init; }

    public Dictionary<string, string> EnvironmentVariables { get; init; } = [];
}

/// <summary>Reads launch profiles.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The wanted profile, or else the default one if the project has it, or else the first. Null when there are none.</summary>
    internal static (string Name, LaunchProfile Profile)? Find(string projectFolder, string? wanted, string? byDefault)
    {
        Dictionary<string, LaunchProfile> profiles = Read(projectFolder);
        if (wanted is { Length: > 0 })
        {
            return profiles.TryGetValue(wanted, out LaunchProfile? named)
                ? (wanted, named)
                : throw new DistributedApplicationException($"The project in '{projectFolder}' has no launch profile '{wanted}'.");
        }

        if (byDefault is { Length: > 0 } && profiles.TryGetValue(byDefault, out LaunchProfile? same))
            return (byDefault, same);
        return profiles.Count == 0 ? null : (profiles.First().Key, profiles.First().Value);
    }

    /// <summary>Splits a command line at spaces, except within double quotes.</summary>
    internal static IEnumerable<string> Split(string commandLine)
    {
        var word = new StringBuilder();
        bool quoted = false, begun = false;
        foreach (char letter in commandLine)
        {
            if (letter == '"')
            {
                quoted = !quoted;
                begun = true;
            }
            else if (letter == ' ' && !quoted)
            {
                if (begun)
                    yield return word.ToString();
                word.Clear();
                begun = false;
            }
            else
            {
                word.Append(letter);
                begun = true;
            }
        }

        if (begun)
            yield return word.ToString();
    }

    private static Dictionary<string, LaunchProfile> Read(string projectFolder)
    {
        string file = Path.Combine(projectFolder, "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return [];
        try
        {
            using FileStream stream = File.OpenRead(file);
            Settings? settings = JsonSerializer.Deserialize<Settings>(stream, Json);
            return settings?.Profiles.Where(profile => profile.Value.CommandName is null or "Project").ToDictionary() ?? [];
        }
        catch (JsonException fault)
        {
            throw new DistributedApplicationException($"'{file}' is not valid JSON: {fault.Message}", fault);
        }
    }

    private sealed record Settings
    {
        public Dictionary<string, LaunchProfile> Profiles { get; init; } = [];
    }
}
