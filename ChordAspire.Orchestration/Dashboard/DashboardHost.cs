using Aspire.Hosting.Bundle;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Dashboard;

internal sealed class DashboardHost : IAsyncDisposable
{
#pragma warning disable CA1822
    internal void Begin(Task<AspireBundle> bundle, Task<DcpSession> session, CancellationToken stopping)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
