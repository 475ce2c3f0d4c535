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

    /// <summary>Lines of the process as they are; DCP's own marked and shortened, with their details only when something is wrong.</summary>
    internal static string ForReaders(DcpLogLine line)
    {
        string[] parts = line.Text.Split('\t');
        if (line.Source != DcpLogSource.System || parts.Length <= Text)
            return line.Text;
        string details = parts[Level] == "info" ? "" : string.Concat(parts[(Text + 1)..].Select(part => " " + part));
        return $"{parts[0]} [sys] {parts[Text]}{details}";
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
