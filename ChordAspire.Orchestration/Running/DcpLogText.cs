using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Running;

/// <summary>Makes DCP's own lines readable between those of the process.</summary>
internal static class DcpLogText
{
    // Time, level, component, text, details.
    private const int Level = 1;
    private const int Text = 3;

    /// <summary>Lines of the process as they are; DCP's own marked and shortened, with their details only when something is wrong.</summary>
    internal static string ForReaders(DcpLogLine line)
    {
        string[] parts = line.Text.Split('\t');
        if (line.Source != DcpLogSource.System || parts.Length <= Text)
            return line.Text;
        string details = parts[Level] == "info" ? "" : string.Concat(parts[(Text + 1)..].Select(part => " " + part));
        return $"{parts[0]} [sys] {parts[Text]}{details}";
    }
}
