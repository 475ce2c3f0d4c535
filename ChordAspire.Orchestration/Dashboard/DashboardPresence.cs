namespace Aspire.Hosting.Dashboard;

/// <summary>Whether the dashboard is up, for those who want to send somebody there.</summary>
internal sealed class DashboardPresence
{
    /// <summary>On a quiet machine it is up within half of this after the orchestrator.</summary>
    internal static readonly TimeSpan HeadStartLimit = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource<Uri?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DashboardPresence(DistributedApplicationOptions options)
    {
        if (options.DisableDashboard)
            Missing();
    }

    /// <summary>Its address, once it is up; null when there is none and none will come.</summary>
    internal Task<Uri?> Address => _address.Task;

    /// <summary>
    /// Ends when it is up, when none will come, and at the latest after the limit. Programs that start together share the processor, and the
    /// one through which somebody could look on at the others would come last.
    /// </summary>
    internal Task HeadStartAsync(TimeProvider time, CancellationToken cancellationToken) =>
        Task.WhenAny(Address, Task.Delay(HeadStartLimit, time, cancellationToken));

    internal void Up(Uri address) => _address.TrySetResult(address);

    internal void Missing() => _address.TrySetResult(null);
}
