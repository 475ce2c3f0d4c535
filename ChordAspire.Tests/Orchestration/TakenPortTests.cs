using System.Net;
using System.Net.Sockets;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Orchestration;

public sealed class TakenPortTests
{
    [Fact]
    public async Task The_AppHost_names_a_port_that_is_taken_and_who_wanted_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using AppHostProcess host = AppHostProcess.Start($"--Ring:BasePort={port}", "--Ring:Peers=1", "--Ring:SparePeers=0");

        await host.WaitForAsync($"Port {port}", TestContext.Current.CancellationToken);
        await host.WaitForAsync("'peer-0'", TestContext.Current.CancellationToken);
    }
}
