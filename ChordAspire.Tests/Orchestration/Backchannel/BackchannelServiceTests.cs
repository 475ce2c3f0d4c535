using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.Backchannel;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>The socket comes and goes with the application, and the application does without it.</summary>
public sealed class BackchannelServiceTests
{
    private const string Question = """{"jsonrpc":"2.0","id":1,"method":"GetCapabilitiesAsync","params":[]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_socket_is_for_this_user_and_names_this_process()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();

        await offered.AssertAnswersAsync();
        Assert.EndsWith($".{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}", offered.SocketOrNone(), StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows()
            || File.GetUnixFileMode(offered.SocketOrNone()!) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task The_socket_goes_with_the_application_and_clients_are_let_go()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        await offered.AssertAnswersAsync();
        using var client = new RawClient(await offered.ConnectAsync());
        client.Send(Question);
        Assert.NotNull(client.TryReceive());

        await offered.StopAsync();

        Assert.Null(offered.SocketOrNone());
        Assert.Null(client.TryReceive());
    }

    [Fact]
    public async Task An_application_that_never_started_leaves_no_socket()
    {
        OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        string folder = offered.Folder;

        await offered.Application.DisposeAsync();

        Assert.Empty(Directory.EnumerateFiles(folder));
        await offered.DisposeAsync();
    }

    [Fact]
    public async Task Two_runs_of_one_project_do_not_disturb_each_other()
    {
        await using OfferedBackchannel first = await OfferedBackchannel.StartAsync();
        await using OfferedBackchannel second = await OfferedBackchannel.BeginAsync(placeHome: _ => first.Home);
        await second.UntilAsync("both are there", () => Directory.EnumerateFiles(first.Folder).Count() == 2);

        await second.StopAsync();

        await first.AssertAnswersAsync();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_costs_one_line()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.BeginAsync(placeHome: home =>
        {
            File.WriteAllText(Path.Combine(home, ".aspire"), "a file");
            return home;
        });

        await AssertNotOfferedAsync(offered, ".aspire");
    }

    [Fact]
    public async Task A_path_that_is_too_long_costs_one_line()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.BeginAsync(placeHome: home => Path.Combine(home, new string('x', 100)));

        await AssertNotOfferedAsync(offered, new string('x', 100));
    }

    [Fact]
    public async Task Without_a_home_it_costs_one_line()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.BeginAsync(placeHome: _ => "/proc/nowhere");

        await AssertNotOfferedAsync(offered, "/proc/nowhere");
    }

    [Fact]
    public async Task Only_so_many_clients_are_served_at_a_time()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        var clients = new List<Socket>();
        try
        {
            for (int i = 0; i < BackchannelService.ConnectionsMax; i++)
                clients.Add(await offered.ConnectAsync());
            using Socket tooMany = await offered.ConnectAsync();

            Assert.Equal(0, await tooMany.ReceiveAsync(new byte[1], Cancel));
            clients[0].Dispose();
            await offered.UntilAsync("one who came later is served", () => IsServedAsync(offered));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<bool> IsServedAsync(OfferedBackchannel offered)
    {
        using var client = new RawClient(await offered.ConnectAsync());
        client.Send(Question);
        return client.TryReceive()?.Contains("aux.v3", StringComparison.Ordinal) == true;
    }

    private static async Task AssertNotOfferedAsync(OfferedBackchannel offered, string named)
    {
        await offered.UntilAsync("it says so", () => offered.Complaints.Count > 0);
        await offered.StopAsync();

        string line = Assert.Single(offered.Complaints);
        Assert.StartsWith("The aspire tool will not find this application, ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.Null(offered.SocketOrNone());
    }
}
