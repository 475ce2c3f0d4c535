namespace Aspire.Hosting.Dashboard;

/// <summary>Whether the dashboard is up, for those who want to send somebody there.</summary>
internal sealed class DashboardPresence
{
    private readonly TaskCompletionSource<Uri?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DashboardPresence(DistributedApplicationOptions options)
    {
        if (options.DisableDashboard)
            Missing();
    }

    /// <summary>Its address, once it is up; null when there is none and none will come.</summary>
    internal Task<Uri?> Address => _address.Task;

    internal void Up(Uri address) => _address.TrySetResult(address);

    internal void Missing() => _address.TrySetResult(null);
}
