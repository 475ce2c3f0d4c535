using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ChordAspire.Tests.Hosting;

/// <summary>One application for all: commands do not change it.</summary>
public sealed class CommandFixture : IAsyncLifetime
{
    private SmallApplication? _application;

    internal SmallApplication Application => _application ?? throw new InvalidOperationException("The application has not been started.");

    internal string? RanFor { get; private set; }

    public async ValueTask InitializeAsync() => _application = await SmallApplication.StartAsync(builder => builder.AddObedient("obedient")
        .WithCommand("greet", "Greet", context =>
        {
            RanFor = context.ResourceName;
            return Task.FromResult(CommandResults.Success("good day"));
        }, new CommandOptions
        {
            Description = "Says something nice.",
            ConfirmationMessage = "Really?",
            IconName = "Hand",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Hidden,
        })
        .WithCommand("refuse", "Refuse", _ => Task.FromResult(CommandResults.Failure("no")))
        .WithCommand("throw", "Throw", _ => throw new InvalidOperationException("no way"))
        .WithCommand("cancel", "Cancel", _ => throw new OperationCanceledException()));

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
    }
}

/// <summary>What becomes of a command that is given.</summary>
public sealed class CommandTests(CommandFixture fixture) : IClassFixture<CommandFixture>
{
    private SmallApplication Application => fixture.Application;

    [Fact]
    public async Task A_command_runs_for_its_instance_and_its_message_comes_back()
    {
        ExecuteCommandResult result = await Application.CommandAsync("obedient", "greet");
        Assert.True(result.Success);
        Assert.Equal("good day", result.Message);
        Assert.StartsWith("obedient-", fixture.RanFor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_refuses_fails_and_says_why()
    {
        ExecuteCommandResult result = await Application.CommandAsync("obedient", "refuse");
        Assert.False(result.Success);
        Assert.Equal("no", result.Message);
    }

    [Fact]
    public async Task What_a_command_throws_is_a_failed_result()
    {
        ExecuteCommandResult result = await Application.CommandAsync("obedient", "throw");
        Assert.False(result.Success || result.Canceled);
        Assert.Equal("no way", result.Message);
    }

    [Fact]
    public async Task A_cancelled_command_is_a_cancelled_result() => Assert.True((await Application.CommandAsync("obedient", "cancel")).Canceled);

    [Theory]
    [InlineData("obedient", "dance", "dance")]
    [InlineData("nobody", "greet", "nobody")]
    public async Task An_unknown_command_or_resource_fails_and_is_named(string resource, string command, string named)
    {
        ExecuteCommandResult result = await Application.CommandAsync(resource, command);
        Assert.False(result.Success);
        Assert.Contains(named, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_are_seen_with_all_that_was_said_of_them_and_the_state_they_have_now()
    {
        CustomResourceSnapshot seen = await Application.WaitAsync("obedient", KnownResourceStates.Running);
        ResourceCommandSnapshot greet = Assert.Single(seen.Commands, command => command.Name == "greet");
        Assert.Equal(
            (ResourceCommandState.Enabled, "Greet", "Says something nice.", "Really?", "Hand", IconVariant.Filled, true),
            (greet.State, greet.DisplayName, greet.DisplayDescription, greet.ConfirmationMessage,
                greet.IconName, greet.IconVariant, greet.IsHighlighted));
        Assert.Equal(ResourceCommandState.Enabled, State("refuse"));
        Assert.Equal(ResourceCommandState.Hidden, State(KnownResourceCommands.StartCommand));
        Assert.Equal(ResourceCommandState.Enabled, State(KnownResourceCommands.StopCommand));
        Assert.Equal(ResourceCommandState.Enabled, State(KnownResourceCommands.RestartCommand));

        ResourceCommandState State(string name) => Assert.Single(seen.Commands, command => command.Name == name).State;
    }
}
