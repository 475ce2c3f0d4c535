using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace ChordAspire.Tests.Orchestration;

public class CommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_runs_for_its_resource_and_its_result_comes_back()
    {
        string? ranFor = null;
        (DistributedApplication application, IResource peer) = Application(context =>
        {
            ranFor = context.ResourceName;
            return Task.FromResult(CommandResults.Success("done"));
        });
        Assert.Equal("done", (await application.ResourceCommands.ExecuteCommandAsync(peer, "act", Cancel)).Message);
        Assert.Equal(peer.InstanceName(), ranFor);
        await application.ShowAsync(peer, "Running");
        Assert.True((await application.ResourceCommands.ExecuteCommandAsync("peer-0", "act", Cancel)).Success);
    }

    [Fact]
    public async Task What_a_command_made_comes_back_with_its_form()
    {
        (DistributedApplication application, IResource peer) = Application(
            _ => Task.FromResult(CommandResults.Success("made", "{}", CommandResultFormat.Json, displayImmediately: true)));
        CommandResultData? made = (await application.ResourceCommands.ExecuteCommandAsync(peer, "act", Cancel)).Data;
        Assert.Equal(("{}", CommandResultFormat.Json, true), (made?.Value, made?.Format, made?.DisplayImmediately));
    }

    [Fact]
    public async Task What_a_command_throws_is_a_failed_result()
    {
        (DistributedApplication application, IResource peer) = Application(_ => throw new InvalidOperationException("no way"));
        ExecuteCommandResult result = await application.ResourceCommands.ExecuteCommandAsync(peer, "act", Cancel);
        Assert.False(result.Success);
        Assert.Equal("no way", result.Message);
    }

    [Fact]
    public async Task A_cancelled_command_is_a_cancelled_result()
    {
        (DistributedApplication application, IResource peer) = Application(_ => throw new OperationCanceledException());
        Assert.True((await application.ResourceCommands.ExecuteCommandAsync(peer, "act", Cancel)).Canceled);
    }

    [Fact]
    public async Task An_unknown_command_or_resource_fails_and_is_named()
    {
        (DistributedApplication application, IResource peer) = Application(_ => Task.FromResult(CommandResults.Success()));
        ExecuteCommandResult noCommand = await application.ResourceCommands.ExecuteCommandAsync(peer, "dance", Cancel);
        ExecuteCommandResult noResource = await application.ResourceCommands.ExecuteCommandAsync("peer-9", "act", Cancel);
        Assert.False(noCommand.Success || noResource.Success);
        Assert.Contains("'dance'", noCommand.Message, StringComparison.Ordinal);
        Assert.Contains("'peer-9'", noResource.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, ResourceCommandState.Disabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("NotStarted", ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("Waiting", ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("Starting", ResourceCommandState.Disabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("Running", ResourceCommandState.Hidden, ResourceCommandState.Enabled, ResourceCommandState.Enabled)]
    [InlineData("Stopping", ResourceCommandState.Hidden, ResourceCommandState.Disabled, ResourceCommandState.Disabled)]
    [InlineData("Finished", ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("Exited", ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("FailedToStart", ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    public void Start_stop_and_restart_can_be_pressed_when_they_make_sense(
        string? state, ResourceCommandState start, ResourceCommandState stop, ResourceCommandState restart)
    {
        Assert.Equal(start, LifecycleCommands.StartState(state));
        Assert.Equal(stop, LifecycleCommands.StopState(state));
        Assert.Equal(restart, LifecycleCommands.RestartState(state));
    }

    private static (DistributedApplication Application, IResource Peer) Application(Func<ExecuteCommandContext, Task<ExecuteCommandResult>> command)
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResource peer = builder.AddProgram().WithCommand("act", "Act", command).Resource;
        return (builder.BuildKnown(), peer);
    }
}
