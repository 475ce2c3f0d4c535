using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using Microsoft.Extensions.DependencyInjection;
using StreamJsonRpc;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>What a client is answered when it asks rightly.</summary>
public sealed class AnswerTests : IAsyncLifetime
{
    private readonly List<IResource> _peers = [];
    private OfferedBackchannel _offered = null!;
    private JsonRpc _client = null!;
    private int _acted;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _offered = await OfferedBackchannel.StartAsync(builder =>
        {
            foreach (string name in (string[])["peer-0", "peer-1"])
            {
                _peers.Add(builder.AddProgram(name).WithCommand("act", "Act", _ =>
                {
                    _acted++;
                    return Task.FromResult(CommandResults.Success("done"));
                }).Resource);
            }
        });
        foreach (IResource peer in _peers)
            await _offered.ShowAsync(peer, "Running");
        _client = await _offered.ConnectClientAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _offered.DisposeAsync();
    }

    [Fact]
    public async Task This_process_says_when_it_started()
    {
        var identity = await AskAsync<HostIdentity>("GetAppHostInformationAsync");

        using var self = System.Diagnostics.Process.GetCurrentProcess();
        Assert.Equal(self.StartTime, identity.StartedAt.LocalDateTime, TimeSpan.FromSeconds(1));
        if (OperatingSystem.IsLinux())
        {
            // Against the other clock that starts with the machine.
            TimeSpan running = TimeSpan.FromMilliseconds(Environment.TickCount64) - (identity.StableStartedAt!.Value - DateTimeOffset.UnixEpoch);
            TimeSpan difference = TimeProvider.System.GetLocalNow() - self.StartTime - running;
            Assert.InRange(difference.Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task Resources_are_listed_whole_or_in_part()
    {
        Assert.Equal(["peer-0", "peer-1"], (await AskAsync<ResourcesAnswer>("GetResourcesAsync")).Resources.Select(peer => peer.DisplayName));
        var part = await AskAsync<ResourcesAnswer>("GetResourcesAsync", new ResourcesRequest { Filter = "EER-1" });
        Assert.Equal("peer-1", Assert.Single(part.Resources).DisplayName);
    }

    [Fact]
    public async Task Whoever_watches_slowly_sees_the_last_state()
    {
        var watched = await AskAsync<IAsyncEnumerable<ResourceAnswer>>("WatchResourcesAsync", new ResourcesRequest { Filter = "peer-1" });
        await using IAsyncEnumerator<ResourceAnswer> states = watched.GetAsyncEnumerator(Cancel);
        Assert.True(await states.MoveNextAsync());
        for (int i = 0; i < 1000; i++)
            await _offered.ShowAsync(_peers[1], $"state {i}");

        var seen = new List<string?>();
        while (seen.LastOrDefault() != "state 999" && await states.MoveNextAsync())
            seen.Add(states.Current.State);

        Assert.Equal("state 999", seen[^1]);
        Assert.InRange(seen.Count, 1, 100);
    }

    [Fact]
    public async Task A_console_is_read_and_followed()
    {
        ResourceLoggerService consoles = _offered.Application.Services.GetRequiredService<ResourceLoggerService>();
        for (int i = 1; i <= 300; i++)
            consoles.Console(_peers[0].InstanceName()).Write($"line {i}", isError: i == 300);

        List<ConsoleBatch> all = await ReadAsync(new ConsoleRequest { ResourceName = "peer-0" });
        Assert.Equal([256, 44], all.Select(batch => batch.Lines.Count));
        Assert.Equal(new ConsoleLine(_peers[0].InstanceName(), 300, "line 300", true), all[^1].Lines[^1]);

        var followed = await AskAsync<IAsyncEnumerable<ConsoleBatch>>("GetConsoleLogBatchesAsync", new ConsoleRequest { Follow = true });
        consoles.Console(_peers[1].InstanceName()).Write("of the other", isError: false);
        await foreach (ConsoleBatch batch in followed.WithCancellation(Cancel))
        {
            if (batch.Lines.Any(line => line.Content == "of the other"))
                break;
        }
    }

    [Fact]
    public async Task The_console_of_nobody_is_empty() => Assert.Empty(await ReadAsync(new ConsoleRequest { ResourceName = "nobody" }));

    [Fact]
    public async Task A_command_is_given()
    {
        CommandOutcome outcome = await GiveAsync(new CommandRequest { ResourceName = "peer-0", CommandName = "act" });

        Assert.Equal((true, "done", 1), (outcome.Success, outcome.Message, _acted));
    }

    [Fact]
    public async Task A_command_that_is_only_tried_is_not_given()
    {
        var tried = new CommandRequest { ResourceName = "peer-0", CommandName = "act", ValidateOnly = true, ReturnArgumentInputs = true };

        CommandOutcome outcome = await GiveAsync(tried);

        Assert.Equal((true, 0), (outcome.Success, _acted));
        Assert.Equal([], outcome.ArgumentInputs);
    }

    [Theory]
    [InlineData("nobody", "act", null, "Resource 'nobody' not found.")]
    [InlineData("peer-0", "dance", null, "it has act")]
    [InlineData("peer-0", "act", """{"key":"a"}""", "takes no arguments")]
    [InlineData("peer-0", "act", """["a"]""", "takes no arguments")]
    [InlineData("peer-0", "act", "5", "takes no arguments")]
    public async Task A_command_that_cannot_be_given_says_why(string resource, string command, string? arguments, string reason)
    {
        CommandOutcome outcome = await GiveAsync(new CommandRequest
        {
            ResourceName = resource,
            CommandName = command,
            Arguments = arguments is null ? null : System.Text.Json.Nodes.JsonNode.Parse(arguments),
        });

        Assert.Equal((false, 0), (outcome.Success, _acted));
        Assert.Contains(reason, outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_with_the_state_or_says_why_not()
    {
        Assert.True((await WaitAsync("nobody", "up")).ResourceNotFound);
        Assert.Contains("dance", (await WaitAsync("peer-0", "dance")).ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("Running", (await WaitAsync("peer-0", "up")).State);
        Assert.True((await WaitAsync("peer-0", "down", seconds: 0)).TimedOut);
        Assert.True((await WaitAsync("peer-0", "down", seconds: int.MinValue)).TimedOut);
        await _offered.ShowAsync(_peers[0], "Finished");
        Assert.True((await WaitAsync("peer-0", "down")).Success);
        Assert.Contains("'Finished'", (await WaitAsync("peer-0", "up")).ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'Finished'", (await WaitAsync("peer-0", "healthy")).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_dashboard_there_is_no_way_to_it()
    {
        Assert.Equal(new DashboardUrls(false, null), await AskAsync<DashboardUrls>("GetDashboardUrlsAsync"));
        var api = await AskAsync<DashboardApi>("GetDashboardInfoAsync");
        Assert.Equal((null, null, false), (api.ApiBaseUrl, api.ApiToken, api.IsHealthy));
    }

    private Task<T> AskAsync<T>(string method, params object[] arguments) => _client.InvokeWithCancellationAsync<T>(method, arguments, Cancel);

    private Task<CommandOutcome> GiveAsync(CommandRequest request) => AskAsync<CommandOutcome>("ExecuteResourceCommandAsync", request);

    private Task<WaitOutcome> WaitAsync(string resource, string status, int seconds = 60) =>
        AskAsync<WaitOutcome>("WaitForResourceAsync", new WaitRequest { ResourceName = resource, Status = status, TimeoutSeconds = seconds });

    private async Task<List<ConsoleBatch>> ReadAsync(ConsoleRequest request)
    {
        var batches = new List<ConsoleBatch>();
        var read = await AskAsync<IAsyncEnumerable<ConsoleBatch>>("GetConsoleLogBatchesAsync", request);
        await foreach (ConsoleBatch batch in read.WithCancellation(Cancel))
            batches.Add(batch);
        return batches;
    }
}
