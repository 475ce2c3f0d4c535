using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Ring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Orchestration;

/// <summary>What a test gets from an AppHost that fails, is cancelled or killed, or runs beside another.</summary>
[Trait("Category", "Orchestrator")]
public sealed class TestHostTests
{
    private static string[] SmallRing => ["--Ring:Peers=1", "--Ring:SparePeers=0", "--Ring:BasePort=0", $"--Ring:Directory={DataFolders.New()}"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_of_the_AppHost_before_it_builds_reaches_the_test_with_its_stack()
    {
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.ChordAspire_AppHost>(["--Ring:Peers=none"], Cancel));

        Assert.Contains("Ring:Peers is 'none'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("RingOptions.Read", failure.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_a_handler_during_the_start_reaches_the_test_with_its_stack_and_leaves_no_process()
    {
        IReadOnlyList<int> before = Orchestrators();
        await using (IDistributedApplicationTestingBuilder builder = await CreateAsync())
        {
            builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, _) => FailOnPurpose());
            DistributedApplication application = await builder.BuildAsync(Cancel);

            var failure = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => application.StartAsync(Cancel).WaitAsync(Patience.Ample, Cancel));

            Assert.Contains(nameof(FailOnPurpose), failure.StackTrace, StringComparison.Ordinal);
        }

        await UntilAsBeforeAsync(before);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_leaves_no_process()
    {
        IReadOnlyList<int> before = Orchestrators();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using (IDistributedApplicationTestingBuilder builder = await CreateAsync())
        {
            DistributedApplication application = await builder.BuildAsync(Cancel);
            Task start = application.StartAsync(giveUp.Token);
            await Patience.UntilAsync("the orchestrator runs", () => Task.FromResult(Orchestrators().Count > before.Count), () => "", Cancel);

            await giveUp.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WaitAsync(Patience.Ample, Cancel));
        }

        await UntilAsBeforeAsync(before);
    }

    [Fact]
    public async Task Several_run_at_once_and_what_their_resources_write_is_logged_under_the_name_of_each()
    {
        LogBook[] logs = [new(), new()];
        await Task.WhenAll(logs.Select(async log =>
        {
            await using IDistributedApplicationTestingBuilder builder = await CreateAsync();
            builder.Services.AddLogging(logging => logging.AddProvider(log));
            DistributedApplication application = await builder.BuildAsync(Cancel);
            await application.StartAsync(Cancel);
            await Patience.UntilAsync(
                "the peer's console is in the log",
                () => Task.FromResult(log.Says("Information ChordAspire.AppHost.Resources.peer-0: ")),
                log.ToString,
                Cancel);
            await application.ResourceNotifications.WaitForResourceHealthyAsync("peer-0", Cancel).WaitAsync(Patience.Ample, Cancel);
        }));
    }

    [Fact]
    public async Task A_test_process_that_is_killed_leaves_no_process()
    {
        using var place = new SeparatePlace();
        using Process run = RunTests(typeof(NarrowRingTests), place.Environment);
        Task<string> output = run.StandardOutput.ReadToEndAsync(Cancel);
        await place.UntilRunsAsync("ChordAspire.Peer", () => output.IsCompleted ? output.Result : "It is still running.", Cancel);

        run.Kill();

        await run.WaitForExitAsync(Cancel);
        await place.UntilEmptyAsync(Cancel);
    }

    [Fact]
    public async Task A_test_that_throws_before_it_disposes_of_the_application_leaves_no_process()
    {
        using var place = new SeparatePlace();
        using Process run = RunTests(typeof(CarelessTest), new Dictionary<string, string>(place.Environment) { [CarelessTest.IsCareless] = "yes" });

        string output = await run.StandardOutput.ReadToEndAsync(Cancel).WaitAsync(Patience.Ample, Cancel);

        Assert.Contains("before it disposed of the application", output, StringComparison.Ordinal);
        await run.WaitForExitAsync(Cancel);
        await place.UntilEmptyAsync(Cancel);
    }

    private static Process RunTests(Type @class, IReadOnlyDictionary<string, string> environment)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(TestHostTests).Assembly.Location, "-class", @class.FullName! },
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
            info.Environment[name] = value;
        return Process.Start(info)!;
    }

    /// <summary>DCP is told to end and ends; its processes need a moment to vanish.</summary>
    private static Task<TimeSpan> UntilAsBeforeAsync(IReadOnlyList<int> before) => Patience.UntilAsync(
        "no process is left",
        () => Task.FromResult(!Orchestrators().Except(before).Any()),
        () => string.Join('\n', Orchestrators().Except(before).Select(id => $"{id} {ProcessTree.CommandOf(id)}")),
        Cancel);

    private static Task FailOnPurpose() => throw new InvalidTimeZoneException("on purpose");

    private static Task<IDistributedApplicationTestingBuilder> CreateAsync() =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ChordAspire_AppHost>(SmallRing, Cancel);

    /// <summary>Those that watch this test process, and with them all that they run.</summary>
    private static IReadOnlyList<int> Orchestrators() => [.. ProcessTree.Of(Environment.ProcessId).Except([Environment.ProcessId]).Order()];
}
