using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Tool;

/// <summary>
/// A ring of three peers and two spares, run by the AppHost as a process, for tests that talk to it through the <c>aspire</c> tool alone.
/// </summary>
public sealed class ToolRing : IAsyncLifetime
{
    internal ToolHome Home { get; private set; } = null!;

    internal AppHostProcess Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Home = await ToolHome.CreateAsync(cancellation);
        Host = await StartAsync(Home, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        if (Home is not null)
            await Home.DisposeAsync();
    }

    internal static async Task<AppHostProcess> StartAsync(ToolHome home, CancellationToken cancellation)
    {
        AppHostProcess host = AppHostProcess.Start(home.Environment, "--Ring:BasePort=0", "--Ring:Peers=3", "--Ring:SparePeers=2");
        await host.WaitForAsync("/login?t=", cancellation);
        await host.WaitForAsync("ring is ideal: 3 peers", cancellation);
        return host;
    }
}
