using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.Hosting;

namespace ChordAspire.Tests.Hosting;

/// <summary>
/// A running application of a few small programs. Only Aspire's public API is used, so that these tests say the same of our host and of Microsoft's.
/// </summary>
internal sealed class SmallApplication(DistributedApplication app) : IAsyncDisposable
{
    /// <summary>Ample for a busy machine.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    internal DistributedApplication App { get; } = app;

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// The builder of an empty application. It is the AppHost's, with the peers taken out: Microsoft's test builder finds the orchestrator
    /// through an AppHost's assembly only.
    /// </summary>
    internal static async Task<IDistributedApplicationTestingBuilder> BuilderAsync(
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure = null, params string[] args)
    {
        IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChordAspire_AppHost>(
            ["--Ring:Peers=1", "--Ring:SparePeers=0", $"--Ring:Directory={DataFolders.New()}", .. args], configure ?? ((_, _) => { }), Cancel);
        builder.Resources.Clear();
        return builder;
    }

    /// <summary>Describes, builds and starts.</summary>
    internal static async Task<SmallApplication> StartAsync(Action<IDistributedApplicationTestingBuilder> describe)
    {
        IDistributedApplicationTestingBuilder builder = await BuilderAsync();
        describe(builder);
        return await StartAsync(builder);
    }

    internal static async Task<SmallApplication> StartAsync(IDistributedApplicationTestingBuilder builder)
    {
        var application = new SmallApplication(await builder.BuildAsync(Cancel));
        try
        {
            await application.App.StartAsync(Cancel).WaitAsync(Patience, TimeProvider.System, Cancel);
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a resource to look as it should.</summary>
    internal async Task<CustomResourceSnapshot> WaitAsync(string name, Func<CustomResourceSnapshot, bool> condition) =>
        (await App.ResourceNotifications.WaitForResourceAsync(name, seen => condition(seen.Snapshot), Cancel)
            .WaitAsync(Patience, TimeProvider.System, Cancel)).Snapshot;

    internal Task<CustomResourceSnapshot> WaitAsync(string name, string state) => WaitAsync(name, seen => seen.State?.Text == state);

    /// <summary>Waits until a process of the resource runs, other than this one, and says which.</summary>
    internal async Task<int> ProcessAsync(string name, int otherThan = 0) =>
        Pid(await WaitAsync(name, seen => seen.State?.Text == KnownResourceStates.Running && Pid(seen) != 0 && Pid(seen) != otherThan));

    /// <summary>What a running process was given, from the system and not from the host.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string name, int otherThan = 0)
    {
        int id = await ProcessAsync(name, otherThan);
        string[] given = (await File.ReadAllTextAsync($"/proc/{id}/environ", Cancel)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return given.Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[^1]);
    }

    internal Task<ExecuteCommandResult> CommandAsync(string name, string command) =>
        App.ResourceCommands.ExecuteCommandAsync(name, command, Cancel).WaitAsync(Patience, TimeProvider.System, Cancel);

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static int Pid(CustomResourceSnapshot seen) =>
        Convert.ToInt32(seen.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value, CultureInfo.InvariantCulture);
}

/// <summary>Programs that every Unix has.</summary>
internal static class SmallPrograms
{
    /// <summary>Runs until it is told to end, and then ends well.</summary>
    internal static IResourceBuilder<ExecutableResource> AddObedient(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddShell(name, "trap 'exit 0' TERM; while :; do sleep 0.05; done");

    /// <summary>Runs until it is killed.</summary>
    internal static IResourceBuilder<ExecutableResource> AddStubborn(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddShell(name, "trap '' TERM; while :; do sleep 0.05; done");

    internal static IResourceBuilder<ExecutableResource> AddShell(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", "/", "-c", script);
}
