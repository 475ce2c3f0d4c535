using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Ring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Orchestration;

/// <summary>An application of cheap programs on a real orchestrator of its own, in this process.</summary>
internal sealed class LiveApplication : IAsyncDisposable
{
    private readonly IDistributedApplicationTestingBuilder _builder;

    private LiveApplication(IDistributedApplicationTestingBuilder builder, DistributedApplication application, LogBook log)
    {
        _builder = builder;
        Application = application;
        Log = log;
    }

    public DistributedApplication Application { get; }

    public LogBook Log { get; }

    public ResourceNotificationService Notifications => Application.ResourceNotifications;

    /// <param name="describe">Adds the resources.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="dashboard">With the dashboard, at free ports unless the settings name others.</param>
    /// <param name="settings">Configuration, as arguments.</param>
    public static async Task<LiveApplication> StartAsync(
        Action<IDistributedApplicationBuilder> describe, CancellationToken cancellationToken, bool dashboard = false, params string[] settings)
    {
        IDistributedApplicationTestingBuilder builder = DistributedApplicationTestingBuilder.Create(
            settings,
            (options, _) => options.DisableDashboard = !dashboard);
        var log = new LogBook();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        describe(builder);
        var live = new LiveApplication(builder, await builder.BuildAsync(cancellationToken), log);
        try
        {
            await live.Application.StartAsync(cancellationToken).WaitAsync(Patience.Ample, cancellationToken);
            return live;
        }
        catch
        {
            await live.DisposeAsync();
            throw;
        }
    }

    /// <summary>A program that does nothing for ten minutes.</summary>
    public static IResourceBuilder<ExecutableResource> AddSleeper(IDistributedApplicationBuilder builder, string name = "sleeper") =>
        builder.AddExecutable(name, "sleep", ".", "600");

    public async Task<int> ProcessOfAsync(string name, CancellationToken cancellationToken)
    {
        ResourceEvent seen = await Notifications.WaitForResourceAsync(
            name, change => PidOf(change) is not null, cancellationToken).WaitAsync(Patience.Ample, cancellationToken);
        return PidOf(seen)!.Value;
    }

    public string? StateOf(string name) => Notifications.TryGetCurrentState(name, out ResourceEvent? now) ? now.Snapshot.State?.Text : null;

    /// <summary>What stands in the console of a resource now.</summary>
    public async Task<string> ConsoleOfAsync(string name, CancellationToken cancellationToken)
    {
        Assert.True(Notifications.TryGetCurrentState(name, out ResourceEvent? now));
        var lines = new List<string>();
        await foreach (IReadOnlyList<LogLine> batch in Application.Services.GetRequiredService<ResourceLoggerService>()
            .GetAllAsync(now.ResourceId).WithCancellation(cancellationToken))
        {
            lines.AddRange(batch.Select(line => line.Content));
        }

        return string.Join('\n', lines);
    }

    public Task UntilLoggedAsync(string text, CancellationToken cancellationToken) =>
        Patience.UntilAsync($"the log says '{text}'", () => Task.FromResult(Log.Says(text)), Log.ToString, cancellationToken);

    /// <summary>The two processes of the orchestrator that runs this process of ours.</summary>
    public static (int Server, int Controllers) OrchestratorOf(int process)
    {
        int controllers = ProcessTree.ParentOf(process);
        return (ProcessTree.ParentOf(controllers), controllers);
    }

    public static Task UntilGoneAsync(IReadOnlyCollection<int> processes, CancellationToken cancellationToken) =>
        Patience.UntilAsync(
            $"none of the processes {string.Join(", ", processes)} is left",
            () => Task.FromResult(!processes.Any(ProcessTree.IsAlive)),
            () => $"Left: {string.Join(", ", processes.Where(ProcessTree.IsAlive))}",
            cancellationToken);

    public async ValueTask DisposeAsync() => await _builder.DisposeAsync();

    private static int? PidOf(ResourceEvent seen) =>
        seen.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, CultureInfo.InvariantCulture)
            : null;
}
