namespace Aspire.Hosting.Dcp;

/// <summary>Whether a lost connection is news: at our own shutdown it is expected, and otherwise DCP is lost for good.</summary>
internal sealed class DcpHealth(DcpFolders folders)
{
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;

    /// <summary>Ends when DCP has gone without having been asked to, with what it said last. It never comes back by itself.</summary>
    internal Task<string> Lost => _lost.Task;

    internal bool IsEndExpected => _stopping;

    /// <summary>From here on streams may break off without a word.</summary>
    internal void ExpectEnd() => _stopping = true;

    /// <summary>Every way in which a stream to DCP ends when one of the two sides goes away.</summary>
    internal static bool IsLostConnection(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or DcpException or ObjectDisposedException;

    /// <param name="isRefused">Whether the port is closed: a DCP that was killed leaves its session folder, but nobody who listens.</param>
    internal void NoteLost(bool isRefused)
    {
        if (!_stopping && (isRefused || folders.DcpHasEnded))
            _lost.TrySetResult(Describe());
    }

    internal string Describe()
    {
        string errors = DcpDiagnostics.LastErrors(folders.Diagnostics);
        return errors.Length > 0 ? $"It said:{Environment.NewLine}{errors}" : DcpDiagnostics.Hint;
    }
}
