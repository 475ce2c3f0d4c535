using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Hosting;

/// <summary>How processes start and end, and what start, stop and restart do.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task A_program_that_is_told_to_stop_and_ends_well_is_Finished_with_0()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddObedient("obedient"));
        await application.ProcessAsync("obedient");
        Assert.True((await application.CommandAsync("obedient", KnownResourceCommands.StopCommand)).Success);
        CustomResourceSnapshot ended = await application.WaitAsync("obedient", KnownResourceStates.Finished);
        Assert.Equal(0, ended.ExitCode);
        Assert.Null(ended.HealthStatus);
    }

    [Fact]
    public async Task The_stop_command_returns_when_nothing_runs_any_more_even_of_a_stubborn_program()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddStubborn("stubborn"));
        int process = await application.ProcessAsync("stubborn");
        Assert.True((await application.CommandAsync("stubborn", KnownResourceCommands.StopCommand)).Success);
        Assert.False(ProcessTree.IsAlive(process));
        Assert.Equal(-1, (await application.WaitAsync("stubborn", KnownResourceStates.Finished)).ExitCode);
    }

    [Fact]
    public async Task A_program_that_ends_by_itself_is_Finished_with_its_exit_code()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddShell("brief", "exit 3"));
        Assert.Equal(3, (await application.WaitAsync("brief", KnownResourceStates.Finished)).ExitCode);
    }

    [Fact]
    public async Task A_program_that_is_not_there_has_failed_to_start_and_the_others_run()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
        {
            builder.AddExecutable("missing", "/no/such/program", "/");
            builder.AddObedient("obedient");
        });
        await application.WaitAsync("missing", KnownResourceStates.FailedToStart);
        await application.ProcessAsync("obedient");
    }

    [Theory]
    [InlineData("start")]
    [InlineData("restart")]
    public async Task Start_and_restart_replace_the_process_that_runs(string command)
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddObedient("obedient"));
        int before = await application.ProcessAsync("obedient");
        Assert.True((await application.CommandAsync("obedient", command)).Success);
        await application.ProcessAsync("obedient", otherThan: before);
        Assert.False(ProcessTree.IsAlive(before));
    }

    [Fact]
    public async Task What_is_started_explicitly_waits_for_the_command()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddObedient("spare").WithExplicitStart());
        await application.WaitAsync("spare", KnownResourceStates.NotStarted);
        Assert.True((await application.CommandAsync("spare", KnownResourceCommands.StartCommand)).Success);
        await application.ProcessAsync("spare");
    }

    [Fact]
    public async Task The_application_is_told_that_its_resources_are_created_when_the_last_that_waited_has_been()
    {
        var heard = new ConcurrentQueue<string>();
        Task Hear(string what)
        {
            heard.Enqueue(what);
            return Task.CompletedTask;
        }

        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
        {
            IResourceBuilder<ExecutableResource> first = builder.AddObedient("first").OnBeforeResourceStarted((_, _, _) => Hear("first"));
            builder.AddObedient("second").WaitFor(first).OnBeforeResourceStarted((_, _, _) => Hear("second"));
            builder.AddObedient("spare").WithExplicitStart().OnBeforeResourceStarted((_, _, _) => Hear("spare"));
            builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, _) => Hear("all are created"));
        });

        Assert.Equal(["first", "second", "all are created"], heard);
    }

    [Fact]
    public async Task Stopping_the_application_ends_its_processes_even_a_stubborn_one()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
        {
            builder.AddObedient("obedient");
            builder.AddStubborn("stubborn");
        });
        int[] processes = [await application.ProcessAsync("obedient"), await application.ProcessAsync("stubborn")];
        await application.App.StopAsync(SmallApplication.Cancel).WaitAsync(SmallApplication.Patience, TimeProvider.System, SmallApplication.Cancel);
        Assert.All(processes, process => Assert.False(ProcessTree.IsAlive(process)));
    }

    [Fact]
    public async Task Disposing_of_the_application_is_enough()
    {
        SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddObedient("obedient"));
        int process = await application.ProcessAsync("obedient");
        await application.DisposeAsync();
        Assert.False(ProcessTree.IsAlive(process));
    }

    [Fact]
    public async Task Several_applications_in_one_process_do_not_disturb_each_other()
    {
        SmallApplication[] applications = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => SmallApplication.StartAsync(builder =>
            builder.AddObedient("same-name").WithEnvironment("NUMBER", i.ToString(CultureInfo.InvariantCulture)))));
        for (int i = 0; i < applications.Length; i++)
            Assert.Equal($"{i}", (await applications[i].EnvironmentAsync("same-name"))["NUMBER"]);
        await applications[1].DisposeAsync();
        await applications[0].ProcessAsync("same-name");
        await applications[0].DisposeAsync();
        await applications[2].DisposeAsync();
    }

    [Fact]
    public async Task A_start_that_is_cancelled_leaves_no_process()
    {
        using var cancelled = new CancellationTokenSource();
        IDistributedApplicationTestingBuilder builder = await SmallApplication.BuilderAsync();
        builder.AddObedient("first");
        builder.AddObedient("never").WaitForCompletion(builder.CreateResourceBuilder<ExecutableResource>("first"));
        var application = new SmallApplication(await builder.BuildAsync(SmallApplication.Cancel));
        Task starting = application.App.StartAsync(cancelled.Token);
        int process = await application.ProcessAsync("first");
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => starting.WaitAsync(SmallApplication.Patience, TimeProvider.System, SmallApplication.Cancel));
        await application.DisposeAsync();
        Assert.False(ProcessTree.IsAlive(process));
    }
}
