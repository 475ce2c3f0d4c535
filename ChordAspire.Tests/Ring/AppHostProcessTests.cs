namespace ChordAspire.Tests.Ring;

/// <summary>The main job as a user runs it, dashboard and all, and what is left when it ends.</summary>
public sealed class AppHostProcessTests(ITestOutputHelper output)
{
    /// <summary>Within this time nothing may be left of an AppHost that ended in whatever way.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prints_the_login_address_and_says_when_the_ring_is_ideal_and_ends_cleanly_on_SIGTERM()
    {
        await using AppHostProcess host = AppHostProcess.Start("--Ring:BasePort=0", "--Ring:Peers=3", "--Ring:SparePeers=0");
        await host.WaitForAsync("/login?t=", Cancellation);
        await host.WaitForAsync("ring is ideal: 3 peers", Cancellation);

        await AssertNothingIsLeftAsync(host, host.Terminate);
    }

    [Fact]
    public async Task Ends_cleanly_on_Ctrl_C()
    {
        await using AppHostProcess host = AppHostProcess.Start("--Ring:BasePort=0", "--Ring:Peers=2", "--Ring:SparePeers=0");
        await host.WaitForAsync("ring is ideal: 2 peers", Cancellation);

        await AssertNothingIsLeftAsync(host, host.Interrupt);
    }

    [Fact]
    public async Task Leaves_no_process_behind_when_it_is_killed()
    {
        await using AppHostProcess host = AppHostProcess.Start("--Ring:BasePort=0", "--Ring:Peers=3", "--Ring:SparePeers=0");
        await host.WaitForAsync("ring is ideal: 3 peers", Cancellation);

        await AssertNothingIsLeftAsync(host, host.Kill);
    }

    [Fact]
    public async Task Refuses_a_setting_that_is_out_of_range_by_name()
    {
        await using AppHostProcess host = AppHostProcess.Start("--Ring:Peers=0");

        Assert.NotEqual(0, await host.WaitForExitAsync(RingUnderTest.Patience, Cancellation));
        Assert.Contains("Ring:Peers is '0'; allowed is a whole number from 1 to 200.", host.Output, StringComparison.Ordinal);
    }

    private async Task AssertNothingIsLeftAsync(AppHostProcess host, Action end)
    {
        IReadOnlyList<int> before = host.Processes();
        Assert.True(before.Count >= 4, $"Only {before.Count} processes of the AppHost were found.");
        long started = TimeProvider.System.GetTimestamp();
        end();
        await host.WaitForExitAsync(CleanUpLimit, Cancellation);
        TimeSpan exited = TimeProvider.System.GetElapsedTime(started);
        while (before.Any(ProcessTree.IsAlive))
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < CleanUpLimit,
                $"After {CleanUpLimit} these are left: {string.Join(", ", before.Where(ProcessTree.IsAlive))}\n{host.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
        output.WriteLine($"AppHost ended after {exited.TotalSeconds:F1} s, all {before.Count} processes after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s");
    }
}
