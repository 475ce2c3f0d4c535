using System.Text.Json;

namespace Aspire.Hosting.Dcp;

/// <summary>What DCP wrote down about its own failure. It runs detached, so nothing of that reaches our console by itself.</summary>
internal static class DcpDiagnostics
{
    internal const string Hint = "For more, set DCP_DIAGNOSTICS_LOG_LEVEL=debug and DCP_DIAGNOSTICS_LOG_FOLDER to a folder, and look there.";

    private const int LinesShown = 5;

    /// <summary>The last different errors in the folder, one per line; empty when there are none.</summary>
    internal static string LastErrors(string folder)
    {
        try
        {
            IEnumerable<string> errors = Directory.EnumerateFiles(folder, "*.log").SelectMany(File.ReadLines).Select(Describe).OfType<string>();
            return string.Join(Environment.NewLine, errors.Distinct().TakeLast(LinesShown));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string? Describe(string line)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.TryGetProperty("error", out JsonElement error) ? $"  {error}" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
