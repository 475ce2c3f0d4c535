using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Hosting;

/// <summary>Guests under the AppHost: how they are started, shown and ended.</summary>
public sealed class GuestTests
{
    private static readonly string[] OnePeer = ["--Ring:Peers=1", "--Ring:SparePeers=0", "--Ring:IdBits=6", "--Ring:BasePort=0"];

    [Fact]
    public async Task A_seed_peer_is_started_when_one_of_ours_is_in_the_ring_and_can_be_killed_started_and_told_to_leave()
    {
        await using SmallApplication application = await StartAsync("--Ring:SeedPeers=1");
        int first = await application.ProcessAsync("seed-0");
        IReadOnlyDictionary<string, string> given = await application.EnvironmentAsync("seed-0");
        Assert.Equal(
            ("32", PortOf(application, "seed-0"), $"127.0.0.1:{PortOf(application, "seed-0")}", $"127.0.0.1:{PortOf(application, "peer-0")}"),
            (given["NODE_ID"], given["PORT"], given["SOURCE_ADDRESS"], given["TARGET_ADDRESS"]));
        await HealthyAsync(application, "seed-0");
        await application.WaitAsync("seed-0", seen => Shows(seen, "ring.kind", "seed peer") && Shows(seen, "ring.identifier", "20"));
        await application.WaitAsync("peer-0", seen => Shows(seen, "ring.kind", "peer"));

        Assert.True((await application.CommandAsync("seed-0", "kill")).Success);
        Assert.NotEqual(0, (await EndedAsync(application, "seed-0")).ExitCode);
        Assert.True((await application.CommandAsync("seed-0", KnownResourceCommands.StartCommand)).Success);
        await application.ProcessAsync("seed-0", otherThan: first);
        await HealthyAsync(application, "seed-0");
        Assert.True((await application.CommandAsync("seed-0", "leave")).Success);
        Assert.Equal(0, (await EndedAsync(application, "seed-0")).ExitCode);
    }

    [Fact]
    public async Task A_seed_peer_can_start_the_ring()
    {
        await using SmallApplication application = await StartAsync("--Ring:SeedPeers=1", "--Ring:SeedStartsRing=true");
        IReadOnlyDictionary<string, string> seed = await application.EnvironmentAsync("seed-0");
        Assert.Equal(("0", ""), (seed["NODE_ID"], seed["TARGET_ADDRESS"]));
        await HealthyAsync(application, "seed-0");
        // Microsoft's host starts our peer by `dotnet run`, which has the environment as well.
        IReadOnlyDictionary<string, string> peer = await application.EnvironmentAsync("peer-0");
        Assert.Equal(("32", $"127.0.0.1:{PortOf(application, "seed-0")}"), (peer["NODE_ID"], peer["TARGET_ADDRESS"]));
    }

    [Fact]
    public async Task An_external_program_is_told_who_it_is_by_arguments_and_environment()
    {
        const string script = "trap 'exit 0' TERM; while :; do sleep 0.05; done";
        await using SmallApplication application = await StartAsync(
            "--Ring:External:0:Name=other", "--Ring:External:0:Command=sh", "--Ring:External:0:NodeId=9", $"--Ring:External:0:WorkingDirectory={Path.GetTempPath()}",
            "--Ring:External:0:Arguments:0=-c", $"--Ring:External:0:Arguments:1={script}", "--Ring:External:0:Arguments:2=other",
            "--Ring:External:0:Arguments:3={id}/{port}", "--Ring:External:0:Arguments:4={address}", "--Ring:External:0:Arguments:5={target}");
        int process = await application.ProcessAsync("other");
        string port = PortOf(application, "other"), target = $"127.0.0.1:{PortOf(application, "peer-0")}";
        IReadOnlyDictionary<string, string> given = await application.EnvironmentAsync("other");
        Assert.Equal(("9", port, $"127.0.0.1:{port}", target), (given["NODE_ID"], given["PORT"], given["SOURCE_ADDRESS"], given["TARGET_ADDRESS"]));
        string[] arguments = (await File.ReadAllTextAsync($"/proc/{process}/cmdline", SmallApplication.Cancel)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["-c", script, "other", $"9/{port}", $"127.0.0.1:{port}", target], arguments[1..]);
        await application.WaitAsync("other", seen => Shows(seen, "ring.kind", "not known") && Shows(seen, "ring.identifier", "09"));

        Assert.True((await application.CommandAsync("other", "leave")).Success);
        Assert.Equal(0, (await EndedAsync(application, "other")).ExitCode);
    }

    private static async Task<SmallApplication> StartAsync(params string[] args) => await SmallApplication.StartAsync(
        await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChordAspire_AppHost>([.. OnePeer, $"--Ring:Directory={DataFolders.New()}", .. args], SmallApplication.Cancel));

    private static string PortOf(SmallApplication application, string name) => $"{application.App.GetEndpoint(name, "grpc").Port}";

    private static bool Shows(CustomResourceSnapshot seen, string property, string value) =>
        seen.Properties.Any(shown => shown.Name == property && shown.Value as string == value);

    private static async Task HealthyAsync(SmallApplication application, string name) =>
        await application.App.ResourceNotifications.WaitForResourceHealthyAsync(name, WaitBehavior.WaitOnResourceUnavailable, SmallApplication.Cancel)
            .WaitAsync(SmallApplication.Patience, TimeProvider.System, SmallApplication.Cancel);

    private static Task<CustomResourceSnapshot> EndedAsync(SmallApplication application, string name) =>
        application.WaitAsync(name, seen => seen.ExitCode is not null && KnownResourceStates.TerminalStates.Contains(seen.State?.Text));
}
