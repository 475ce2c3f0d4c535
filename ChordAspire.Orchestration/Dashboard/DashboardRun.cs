using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Dashboard;

/// <summary>One start of the dashboard.</summary>
internal sealed class DashboardRun(string name)
{
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Name { get; } = name;

    /// <summary>Ends when the process has, with a few words on how.</summary>
    internal Task<string> Ended => _ended.Task;

    internal void OnChange(DcpChange change)
    {
        if (change.Executable.Metadata.Name != Name || change.Executable.Status is not { State: { } state } status)
            return;
        if (state == DcpExecutableState.Terminated || KnownResourceStates.TerminalStates.Contains(state))
            _ended.TrySetResult(status.ExitCode is { } code ? $"with exit code {code}" : $"in state {state}");
    }
}
