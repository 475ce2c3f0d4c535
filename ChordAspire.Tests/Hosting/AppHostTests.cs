using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Hosting;

/// <summary>An AppHost inside a test: its configuration, its failures, its events, its logs.</summary>
public sealed class AppHostTests
{
    [Fact]
    public async Task What_the_AppHosts_own_code_throws_reaches_the_test_with_its_stack()
    {
        DistributedApplicationException failure = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.ChordAspire_AppHost>(["--Ring:Peers=0"], SmallApplication.Cancel));
        Assert.Contains("Ring:Peers is '0'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("RingOptions.Read", failure.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_test_the_launch_profile_counts_and_what_the_test_says_goes_first()
    {
        DistributedApplicationOptions? seen = null;
        await using IDistributedApplicationTestingBuilder builder =
            await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChordAspire_AppHost>(
                ["--Ring:Peers=1", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:9999"],
                (options, _) => seen = options,
                SmallApplication.Cancel);
        Assert.True(seen!.DisableDashboard && seen.EnableResourceLogging);
        Assert.Equal("Development", builder.Environment.EnvironmentName);
        Assert.Equal("1", builder.Configuration["Ring:Peers"]);
        Assert.Equal("http://localhost:9999", builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"]);
        Assert.Equal("true", builder.Configuration["DcpPublisher:RandomizePorts"]);
        Assert.Equal(Projects.ChordAspire_AppHost.ProjectPath, builder.AppHostDirectory);
        Assert.Contains(builder.Resources, resource => resource.Name == "peer-0");
    }

    [Fact]
    public async Task Arguments_go_before_the_environment_and_that_before_the_defaults_of_a_test()
    {
        try
        {
            Environment.SetEnvironmentVariable("SmallSetting", "from the environment");
            Environment.SetEnvironmentVariable("OtherSetting", "from the environment");
            await using IDistributedApplicationTestingBuilder builder = await SmallApplication.BuilderAsync(
                null, "--SmallSetting=from the arguments");
            Assert.Equal("from the arguments", builder.Configuration["SmallSetting"]);
            Assert.Equal("from the environment", builder.Configuration["OtherSetting"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SmallSetting", null);
            Environment.SetEnvironmentVariable("OtherSetting", null);
        }
    }

    [Fact]
    public async Task Events_come_in_the_order_of_a_life()
    {
        var heard = new ConcurrentQueue<string>();
        Task Hear(string what)
        {
            heard.Enqueue(what);
            return Task.CompletedTask;
        }

        await using (SmallApplication application = await SmallApplication.StartAsync(builder =>
        {
            builder.AddObedient("first")
                .WithHttpEndpoint(isProxied: false)
                .OnResourceEndpointsAllocated((_, _, _) => Hear("allocated"))
                .OnBeforeResourceStarted((_, _, _) => Hear("before start"))
                .OnResourceReady((_, _, _) => Hear("ready"))
                .OnResourceStopped((_, stopped, _) => Hear($"stopped with {stopped.ResourceEvent.Snapshot.ExitCode}"));
            builder.Eventing.Subscribe<BeforeStartEvent>((_, _) => Hear("application starts"));
        }))
        {
            await application.App.ResourceNotifications.WaitForResourceHealthyAsync("first", SmallApplication.Cancel);
            await application.CommandAsync("first", KnownResourceCommands.StopCommand);
            await application.WaitAsync("first", KnownResourceStates.Finished);
            await Until(() => heard.Any(what => what.StartsWith("stopped", StringComparison.Ordinal)), () => string.Join(", ", heard));
        }

        Assert.Equal(["application starts", "allocated", "before start", "ready", "stopped with 0"], heard);
    }

    [Fact]
    public async Task What_resources_write_reaches_the_log_of_the_test_and_their_own()
    {
        using var log = new CollectedLog();
        IDistributedApplicationTestingBuilder builder = await SmallApplication.BuilderAsync();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        IResource talker = builder.AddShell("talker", "echo spoken; echo shouted >&2; trap 'exit 0' TERM; while :; do sleep 0.05; done").Resource;
        await using SmallApplication application = await SmallApplication.StartAsync(builder);

        await Until(
            () => log.Lines.Any(line => Says(line, "spoken")) && log.Lines.Any(line => Says(line, "shouted")), () => string.Join('\n', log.Lines));
        var console = new List<LogLine>();
        using var limit = new CancellationTokenSource(SmallApplication.Patience, TimeProvider.System);
        await foreach (IReadOnlyList<LogLine> batch in
            application.App.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(talker).WithCancellation(limit.Token))
        {
            console.AddRange(batch);
            if (console.Any(line => line.Content.EndsWith("spoken", StringComparison.Ordinal))
                && console.Any(line => line.Content.EndsWith("shouted", StringComparison.Ordinal)))
                break;
        }
        Assert.False(Assert.Single(console, line => line.Content.EndsWith("spoken", StringComparison.Ordinal)).IsErrorMessage);
        Assert.True(Assert.Single(console, line => line.Content.EndsWith("shouted", StringComparison.Ordinal)).IsErrorMessage);

        static bool Says((string Category, string Text) line, string word) =>
            line.Category.Contains(".Resources.talker", StringComparison.Ordinal) && line.Text.Contains(word, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Properties_that_are_published_stay_with_the_resource()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddObedient("shown"));
        int process = await application.ProcessAsync("shown");
        IResource resource = application.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(one => one.Name == "shown");
        await application.App.ResourceNotifications.PublishUpdateAsync(resource, before => before with
        {
            Properties = [.. before.Properties, new ResourcePropertySnapshot("own", "value") { IsHighlighted = true, DisplayName = "Own" }],
        });
        await application.CommandAsync("shown", KnownResourceCommands.RestartCommand);
        await application.ProcessAsync("shown", otherThan: process);
        CustomResourceSnapshot seen = await application.WaitAsync("shown", seen => seen.Properties.Any(property => property.Name == "own"));
        Assert.Equal("Executable", seen.ResourceType);
        Assert.Equal("value", seen.Properties.Single(property => property.Name == "own").Value);
    }

    private static async Task Until(Func<bool> condition, Func<string> seen)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < SmallApplication.Patience, $"Waited in vain; seen so far: {seen()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, SmallApplication.Cancel);
        }
    }

    /// <summary>All that is logged, with its category.</summary>
    private sealed class CollectedLog : ILoggerProvider
    {
        internal ConcurrentQueue<(string Category, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Collector(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Collector(string category, ConcurrentQueue<(string Category, string Text)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter) =>
                lines.Enqueue((category, formatter(state, exception)));
        }
    }
}
