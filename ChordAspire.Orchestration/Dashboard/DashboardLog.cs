using System.Text.Json;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Hands what the dashboard writes (one JSON object per line) to the host's log.</summary>
internal sealed class DashboardLog(ILoggerFactory loggers)
{
    internal const string Category = "Aspire.Hosting.Dashboard";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    internal async Task ForwardAsync(DcpSession session, string name, CancellationToken stopping)
    {
        await foreach (DcpLogLine line in session.ReadLogsAsync(name, follow: true, stopping))
        {
            if (line.Source == DcpLogSource.System)
                continue;
            int afterTime = line.Text.IndexOf(' ', StringComparison.Ordinal) + 1;
            string text = line.Text[afterTime..];
            (LogLevel Level, string Text) entry = line.Source == DcpLogSource.StdErr ? (LogLevel.Warning, text) : Parse(text);
            Log.DashboardWrote(_logger, entry.Level, entry.Text);
        }
    }

    /// <summary>Level and message. A line that is no such object is for the curious only: it may well hold the login URL.</summary>
    internal static (LogLevel Level, string Text) Parse(string line)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            string category = entry.RootElement.GetProperty("Category").GetString() ?? "";
            string message = entry.RootElement.GetProperty("Message").GetString() ?? "";
            LogLevel level = Enum.Parse<LogLevel>(entry.RootElement.GetProperty("LogLevel").GetString() ?? "");
            bool isItsOwn = category.StartsWith("Aspire.", StringComparison.Ordinal);

            // Libraries warn about much that concerns nobody; their errors count.
            return (isItsOwn || level >= LogLevel.Error ? level : LogLevel.Debug, $"{category}: {message}");
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return (LogLevel.Debug, line);
        }
    }
}
