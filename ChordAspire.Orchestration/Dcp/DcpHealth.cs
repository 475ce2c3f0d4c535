using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Whether a lost connection is news: at our own shutdown it is expected, and otherwise it is said once.</summary>
internal sealed class DcpHealth(DcpFolders folders)
{
    private int _told;
    private volatile bool _stopping;

    internal bool IsEndExpected => _stopping;

    /// <summary>From here on streams may break off without a word.</summary>
    internal void ExpectEnd() => _stopping = true;

    /// <summary>Every way in which a stream to DCP ends when one of the two sides goes away.</summary>
    internal static bool IsLostConnection(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or DcpException or ObjectDisposedException;

    /// <param name="logger">Where to say it.</param>
    /// <param name="isRefused">Whether the port is closed: a DCP that was killed leaves its session folder, but nobody who listens.</param>
    internal void NoteLost(ILogger logger, bool isRefused)
    {
        if (_stopping || !(isRefused || folders.DcpHasEnded) || Interlocked.Exchange(ref _told, 1) == 1)
            return;

        DcpLog.EndedUnexpectedly(logger, Describe());
    }

    internal string Describe()
    {
        string errors = DcpDiagnostics.LastErrors(folders.Diagnostics);
        return errors.Length > 0 ? $"It said:{Environment.NewLine}{errors}" : DcpDiagnostics.Hint;
    }
}
