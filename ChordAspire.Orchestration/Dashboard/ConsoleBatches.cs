using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Dashboard;

/// <summary>Cuts console lines into messages that the dashboard accepts: gRPC refuses what is larger than 4 MB.</summary>
internal static class ConsoleBatches
{
    /// <summary>Half of what gRPC takes, in characters: most of them are one byte, few more than two.</summary>
    internal const int CharactersMax = 2 * 1024 * 1024;

    internal static IEnumerable<WatchResourceConsoleLogsUpdate> Of(IReadOnlyList<LogLine> lines)
    {
        var update = new WatchResourceConsoleLogsUpdate();
        int characters = 0;
        foreach (LogLine line in lines)
        {
            string text = line.Content.Length > CharactersMax ? line.Content[..CharactersMax] : line.Content;
            if (characters > 0 && characters + text.Length > CharactersMax)
            {
                yield return update;
                update = new WatchResourceConsoleLogsUpdate();
                characters = 0;
            }

            update.LogLines.Add(new ConsoleLogLine { Text = text, IsStdErr = line.IsErrorMessage, LineNumber = line.LineNumber });
            characters += text.Length;
        }

        yield return update;
    }
}
