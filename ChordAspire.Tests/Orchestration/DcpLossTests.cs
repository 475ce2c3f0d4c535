using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChordAspire.Tests.Orchestration;

/// <summary>The orchestrator dies in the middle of a run.</summary>
[Trait("Category", "Orchestrator")]
public sealed class DcpLossTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("API server")]
    [InlineData("controllers")]
    public async Task When_it_is_killed_states_are_set_right_and_waits_end_and_the_application_stops(string half)
    {
        await using LiveApplication live = await LiveApplication.StartAsync(
            builder =>
            {
                LiveApplication.AddSleeper(builder);
                LiveApplication.AddSleeper(builder, "spare").WithExplicitStart();
            },
            Cancel);
        int sleeper = await live.ProcessOfAsync("sleeper", Cancel);
        (int server, int controllers) = LiveApplication.OrchestratorOf(sleeper);
        Task hopeless = live.Notifications.WaitForResourceAsync("spare", KnownResourceStates.Running, Cancel);

        ProcessSignal.Send(half == "API server" ? server : controllers, ProcessSignal.Kill);

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(() => hopeless.WaitAsync(Patience.Ample, Cancel));
        Assert.Contains("'spare'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("orchestrator (DCP) ended unexpectedly", refused.Message, StringComparison.Ordinal);
        Assert.Contains(live.StateOf("sleeper"), KnownResourceStates.TerminalStates);
        Assert.Equal(KnownResourceStates.NotStarted, live.StateOf("spare"));
        Assert.Single(
            live.Log.Lines,
            line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains("the application stops", StringComparison.Ordinal));
        await UntilToldToStopAsync(live);

        await live.DisposeAsync();
        await LiveApplication.UntilGoneAsync([sleeper, server, controllers], Cancel);
    }

    private static async Task UntilToldToStopAsync(LiveApplication live)
    {
        CancellationToken stopping = live.Application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await Patience.UntilAsync("the application stops", () => Task.FromResult(stopping.IsCancellationRequested), live.Log.ToString, Cancel);
    }
}
