using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Tool;

public sealed class AspireStopTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_ends_everything()
    {
        await using ToolHome home = await ToolHome.CreateAsync(Cancel);
        await using AppHostProcess host = await ToolRing.StartAsync(home, Cancel);
        IReadOnlyList<int> processes = host.Processes();
        Assert.True(processes.Count >= 5, $"Only {processes.Count} processes of the AppHost were found.");

        (await home.RunAsync(Cancel, "stop")).Succeeded();

        Assert.Equal(0, await host.WaitForExitAsync(Patience.Ample, Cancel));
        await Patience.UntilAsync(
            "no process is left",
            () => Task.FromResult(!processes.Any(ProcessTree.IsAlive)),
            () => string.Join(' ', processes.Where(ProcessTree.IsAlive)),
            Cancel);
        Assert.Equal("[]", (await home.RunAsync(Cancel, "ps", "--format", "json")).Succeeded().Output.Trim());
    }
}
