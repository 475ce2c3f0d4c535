using System.Globalization;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Orchestration;

/// <summary>How the AppHost, as a program, ends: when it is told to, when it cannot go on, and when it cannot begin.</summary>
[Trait("Category", "Orchestrator")]
public sealed class AppHostEndTests : IDisposable
{
    // What the shell shows for a program that SIGTERM ended.
    private const int Terminated = 143;

    private readonly SeparatePlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Told_to_end_while_it_starts_it_ends_in_order()
    {
        await using AppHostProcess host = Start();
        await _place.UntilRunsAsync("start-apiserver", () => host.Output, Cancel);

        host.Terminate();

        Assert.Equal(0, await host.WaitForExitAsync(Patience.Ample, Cancel));
        Assert.DoesNotContain("Unhandled", host.Output, StringComparison.Ordinal);
        await _place.UntilEmptyAsync(Cancel);
        Assert.Empty(_place.Sessions);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once_and_the_others_after_it()
    {
        await using AppHostProcess host = Start(("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"));
        await host.WaitForAsync("ring is ideal", Cancel);

        // SIGTERM, as whoever starts programs in the background lets them ignore Ctrl+C.
        host.Terminate();
        await host.WaitForAsync("Application is shutting down", Cancel);
        host.Terminate();

        Assert.Equal(Terminated, await host.WaitForExitAsync(Patience.Ample, Cancel));
        await _place.UntilEmptyAsync(Cancel);
    }

    [Fact]
    public async Task Without_its_orchestrator_it_says_so_and_ends_with_an_error()
    {
        await using AppHostProcess host = Start();
        await host.WaitForAsync("ring is ideal", Cancel);
        int server = Assert.Single(_place.Processes, id => ProcessTree.CommandOf(id).Contains("start-apiserver", StringComparison.Ordinal));

        ProcessSignal.Send(server, ProcessSignal.Kill);

        Assert.Equal(1, await host.WaitForExitAsync(Patience.Ample, Cancel));
        Assert.Contains("Aspire's orchestrator (DCP) ended unexpectedly", host.Output, StringComparison.Ordinal);
        await _place.UntilEmptyAsync(Cancel);
        Assert.Empty(_place.Sessions);
    }

    [Theory]
    [InlineData("TMPDIR", "/proc/no-such-place", "below '/proc/no-such-place/', which cannot be made", "set TMPDIR")]
    [InlineData("HOME", "/proc/no-such-place", "which HOME names ('/proc/no-such-place')", "Set HOME")]
    [InlineData("HOME", "", "which HOME names ('')", "Set HOME")]
    [InlineData("Ring__Peers", "many", "Ring:Peers is 'many'", "a whole number")]
    public async Task What_keeps_it_from_starting_is_told_in_a_sentence(string name, string value, string reason, string advice)
    {
        await using AppHostProcess host = Start((name, value));

        Assert.Equal(1, await host.WaitForExitAsync(Patience.Ample, Cancel));
        Assert.Contains(reason, host.Output, StringComparison.Ordinal);
        Assert.Contains(advice, host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_one_at_the_same_ports_names_them_and_who_holds_them()
    {
        var ports = new Dictionary<string, string>(_place.Environment)
        {
            ["ASPNETCORE_URLS"] = $"http://localhost:{AppHostProcess.FreePort()}",
            ["Ring__BasePort"] = AppHostProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        string[] one = ["--Ring:Peers=1", "--Ring:SparePeers=0"];
        await using AppHostProcess first = AppHostProcess.Start(ports, one);
        await first.WaitForAsync("ring is ideal", Cancel);
        await first.WaitForAsync("/login?t=", Cancel);

        await using AppHostProcess second = AppHostProcess.Start(ports, one);

        await second.WaitForAsync($"The application runs without its dashboard: port {new Uri(ports["ASPNETCORE_URLS"]).Port}", Cancel);
        await second.WaitForAsync("(aspire-managed)", Cancel);
        await second.WaitForAsync($"Port {ports["Ring__BasePort"]} of endpoint 'grpc' of resource 'peer-0' is in use by process ", Cancel);
        await second.WaitForAsync("(ChordAspire.Peer", Cancel);
        await second.WaitForAsync("Distributed application started", Cancel);
        second.Terminate();
        Assert.Equal(0, await second.WaitForExitAsync(Patience.Ample, Cancel));
    }

    private AppHostProcess Start(params (string Name, string Value)[] variables)
    {
        Dictionary<string, string> environment = _place.Environment;
        foreach ((string name, string value) in variables)
            environment[name] = value;
        environment.TryAdd("Ring__Peers", "1");
        return AppHostProcess.Start(environment, "--Ring:BasePort=0", "--Ring:SparePeers=0");
    }
}
