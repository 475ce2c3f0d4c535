using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Orchestration;

/// <summary>The AppHost is killed without a chance to clean up, at several moments, and started again.</summary>
[Trait("Category", "Orchestrator")]
public sealed class AppHostKillTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whenever_it_is_killed_no_process_stays_and_the_next_start_sweeps_the_rest_but_not_what_is_in_use()
    {
        using var place = new SeparatePlace();
        await using AppHostProcess living = Start(place);
        await living.WaitForAsync("ring is ideal", Cancel);
        await living.WaitForAsync("/login?t=", Cancel);
        IReadOnlyList<int> others = place.Processes;
        string inUse = Assert.Single(place.Sessions);
        string socketInUse = Assert.Single(place.Sockets);

        // While the orchestrator is launched; while resources are created; while the dashboard starts.
        await KillWhenAsync(place, others, () => Count(place, "start-apiserver") > 1);
        await KillWhenAsync(place, others, () => place.Sockets.Any(socket => socket != socketInUse));
        await KillWhenAsync(place, others, () => Count(place, "aspire-managed") > 1);
        Assert.NotEqual([inUse], place.Sessions);

        await using (AppHostProcess next = Start(place))
            await next.WaitForAsync("ring is ideal", Cancel);

        await place.UntilLeftAsync(others.Count, Cancel);
        Assert.Equal([inUse], place.Sessions);
        Assert.Equal([socketInUse], place.Sockets);
        Assert.Equal(others, place.Processes);
        living.Terminate();
        await place.UntilEmptyAsync(Cancel);
        Assert.Empty(place.Sessions);
        Assert.Empty(place.Sockets);
    }

    private static AppHostProcess Start(SeparatePlace place) =>
        AppHostProcess.Start(place.Environment, "--Ring:BasePort=0", "--Ring:Peers=1", "--Ring:SparePeers=0");

    private static int Count(SeparatePlace place, string program) =>
        place.Processes.Count(id => ProcessTree.CommandOf(id).Contains(program, StringComparison.Ordinal));

    private async Task KillWhenAsync(SeparatePlace place, IReadOnlyCollection<int> others, Func<bool> moment)
    {
        await using AppHostProcess host = Start(place);
        await Peer.Patience.UntilAsync("the moment to kill has come", () => Task.FromResult(moment()), () => host.Output, Cancel);
        host.Kill();
        await host.WaitForExitAsync(Peer.Patience.Ample, Cancel);
        TimeSpan took = await place.UntilLeftAsync(others.Count, Cancel);
        output.WriteLine($"All processes were gone {took.TotalSeconds:F1} s after the kill.");
    }
}
