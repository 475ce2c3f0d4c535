using System.Text.Json;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Running;

/// <summary>Makes DCP's own lines readable between those of the process.</summary>
internal static class DcpLogText
{
    // Time, level, component, text, details.
    private const int Level = 1;
    private const int Text = 3;
    private const int Details = 4;

    /// <summary>The details that a reader wants: the names DCP gives them, and how they are called here.</summary>
    private static readonly (string Name, string Shown)[] Wanted = [("Cmd", "Cmd"), ("Args", "Args"), ("error", "Error")];

    /// <summary>Lines of the process as they are; DCP's own marked and shortened to what was started and what went wrong.</summary>
    internal static string ForReaders(DcpLogLine line)
    {
        string[] parts = line.Text.Split('\t', Details + 1);
        if (line.Source != DcpLogSource.System || parts.Length <= Text)
            return line.Text;
        string[] details = [.. parts.Length > Details ? Pick(parts[Details]) : []];
        return $"{parts[0]} [sys] {parts[Text]}{(details.Length == 0 ? "" : ": ")}{string.Join(", ", details)}";
    }

    /// <summary>Whether the line tells of something wrong, as what a process writes to its error stream does.</summary>
    internal static bool IsError(DcpLogLine line) => line.Source switch
    {
        DcpLogSource.StdErr => true,
        DcpLogSource.System => line.Text.Split('\t') is { Length: > Text } parts && parts[Level] == "error",
        _ => false,
    };

    private static List<string> Pick(string details)
    {
        try
        {
            using var json = JsonDocument.Parse(details);
            var picked = new List<string>();
            foreach ((string name, string shown) in Wanted)
            {
                if (json.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                    picked.Add($"{shown} = {value}");
            }

            return picked;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            // Not the form it had when this was written: all of it, rather than nothing.
            return [details];
        }
    }

    /// <summary>The error in one of DCP's own lines; null when there is none.</summary>
    internal static string? Error(DcpLogLine line)
    {
        string[] parts = line.Text.Split('\t');
        return line.Source == DcpLogSource.System && parts.Length > Details ? ReadError(parts[Details]) : null;
    }

    private static string? ReadError(string details)
    {
        try
        {
            using var parsed = JsonDocument.Parse(details);
            return parsed.RootElement.TryGetProperty("error", out JsonElement error) ? error.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
