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
        if (Parts(line) is not { } parts)
            return line.Text;

        // Where they do not have the form they had when this was written: all of them, rather than nothing.
        IEnumerable<string> details = Read(parts) is { } read
            ? Wanted.Where(wanted => read.ContainsKey(wanted.Name)).Select(wanted => $"{wanted.Shown} = {read[wanted.Name]}")
            : parts[Details..];
        string told = string.Join(", ", details);
        return $"{parts[0]} [sys] {parts[Text]}{(told.Length == 0 ? "" : ": ")}{told}";
    }

    /// <summary>Whether the line tells of something wrong, as what a process writes to its error stream does.</summary>
    internal static bool IsError(DcpLogLine line) =>
        line.Source == DcpLogSource.StdErr || (Parts(line) is { } parts && parts[Level] == "error");

    /// <summary>The error in one of DCP's own lines; null when there is none.</summary>
    internal static string? Error(DcpLogLine line) => Parts(line) is { } parts ? Read(parts)?.GetValueOrDefault("error") : null;

    /// <summary>The parts of one of DCP's own lines, at least as far as its text; null for other lines.</summary>
    private static string[]? Parts(DcpLogLine line) =>
        line.Source == DcpLogSource.System && line.Text.Split('\t', Details + 1) is { Length: > Text } parts ? parts : null;

    /// <summary>The details by their names, without the empty ones; null when there are none or they are not in JSON.</summary>
    private static Dictionary<string, string>? Read(string[] parts)
    {
        if (parts.Length <= Details)
            return null;
        try
        {
            using var details = JsonDocument.Parse(parts[Details]);
            return details.RootElement.EnumerateObject()
                .Where(detail => detail.Value.ValueKind != JsonValueKind.Null)
                .ToDictionary(detail => detail.Name, detail => detail.Value.ToString());
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
