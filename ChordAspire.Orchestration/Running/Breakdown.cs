namespace Aspire.Hosting.Running;

/// <summary>
/// The one failure that a running application does not survive: its orchestrator is gone, and with it every process. Whoever waits for
/// something that only the orchestrator could bring about hears of it here.
/// </summary>
internal sealed class Breakdown : IDisposable
{
    /// <summary>As the shells have it: any code but 0 says that the program did not end as it should.</summary>
    internal const int ExitCode = 1;

    private readonly CancellationTokenSource _happened = new();

    /// <summary>What broke down, in a sentence; null as long as nothing has.</summary>
    internal string? Reason { get; private set; }

    /// <summary>Cancelled when it happens.</summary>
    internal CancellationToken Happened => _happened.Token;

    internal void Report(string reason)
    {
        Reason = reason;
        _happened.Cancel();
    }

    public void Dispose() => _happened.Dispose();
}
