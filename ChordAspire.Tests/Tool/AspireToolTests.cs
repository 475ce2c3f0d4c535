using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChordAspire.Tests.ArchitectureRules;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Tool;

/// <summary>The real <c>aspire</c> tool on a running AppHost. Each test leaves the ring as it found it.</summary>
public sealed class AspireToolTests(ToolRing ring) : IClassFixture<ToolRing>
{
    private static readonly string Project = Path.Combine(Repository.Root, "ChordAspire.AppHost", "ChordAspire.AppHost.csproj");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ps_lists_the_AppHost_with_its_process_and_its_dashboard()
    {
        ToolResult listed = await AspireAsync("ps", "--format", "json");

        JsonElement host = Assert.Single(Parse(listed).EnumerateArray());
        Assert.Equal(Project, Text(host, "appHostPath"));
        Assert.Equal(ring.Host.Id, host.GetProperty("appHostPid").GetInt32());
        Assert.Contains(Text(host, "dashboardUrl"), ring.Host.Output, StringComparison.Ordinal);
        Assert.Contains("/login?t=", Text(host, "dashboardUrl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_shows_peers_with_state_health_and_links()
    {
        JsonElement peer = await DescribeAsync("peer-0");

        Assert.Equal("Running", Text(peer, "state"));
        Assert.Equal("Healthy", Text(peer, "healthStatus"));
        Assert.NotEqual("", Text(peer, "resourceType"));
        Assert.All(["grpc", "http"], endpoint => Assert.Contains(peer.GetProperty("urls").EnumerateArray(), url =>
            Text(url, "name") == endpoint && Text(url, "url").StartsWith("http://", StringComparison.Ordinal)));
        Assert.Equal("NotStarted", Text(await DescribeAsync("peer-3"), "state"));
    }

    [Fact]
    public async Task Describe_finds_the_AppHost_by_its_project_and_draws_a_table()
    {
        ToolResult described = (await AspireAsync("describe", "--apphost", Project)).Succeeded();

        Assert.All(["peer-0", "peer-1", "peer-2", "peer-3", "peer-4"], name => Assert.Contains(name, described.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_shows_what_a_peer_wrote()
    {
        ToolResult logs = (await AspireAsync("logs", "peer-0", "--search", "starts a ring")).Succeeded();

        Assert.Contains("[peer-0]", logs.Output, StringComparison.Ordinal);
        Assert.Contains("starts a ring", logs.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("listens on", logs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_follows_what_happens()
    {
        using Process following = ring.Home.Start("logs", "--follow");
        try
        {
            // Once the lines so far have come, what is new can only come by following. Nobody else looks up through this peer.
            await ReadUntilAsync(following, "listens on");
            await AspireAsync("resource", "peer-2", "lookup");
            await ReadUntilAsync(following, "[peer-2]", "lookup");
        }
        finally
        {
            following.Kill();
            await following.WaitForExitAsync(Cancel);
        }
    }

    [Fact]
    public async Task Otel_shows_a_lookup_as_trace_and_spans()
    {
        (await AspireAsync("resource", "peer-0", "lookup")).Succeeded();

        // Telemetry is sent in batches.
        await UntilOutputAsync("chord.lookup", "otel", "traces", "--format", "json");
        await UntilOutputAsync("chord.hop", "otel", "spans", "--format", "json");
    }

    [Fact]
    public async Task A_killed_peer_is_started_again_and_waited_for_and_heard_of()
    {
        (await AspireAsync("resource", "peer-1", "kill")).Succeeded();
        (await AspireAsync("wait", "peer-1", "--status", "down")).Succeeded();
        Assert.Contains(Text(await DescribeAsync("peer-1"), "state"), (string[])["Finished", "Exited"]);

        (await AspireAsync("resource", "peer-1", "start")).Succeeded();
        (await AspireAsync("wait", "peer-1")).Succeeded();
        Assert.Equal("Healthy", Text(await DescribeAsync("peer-1"), "healthStatus"));

        // What a peer says first may be lost when the dashboard comes up after it; this start came later.
        await UntilOutputAsync("listens on", "otel", "logs", "peer-1", "--format", "json");
    }

    [Fact]
    public async Task A_peer_leaves_and_comes_back()
    {
        (await AspireAsync("resource", "peer-2", "leave")).Succeeded();
        (await AspireAsync("wait", "peer-2", "--status", "down")).Succeeded();

        (await AspireAsync("resource", "peer-2", "start")).Succeeded();
        (await AspireAsync("wait", "peer-2")).Succeeded();
    }

    [Fact]
    public async Task A_spare_is_started_restarted_and_stopped()
    {
        (await AspireAsync("resource", "peer-4", "start")).Succeeded();
        (await AspireAsync("wait", "peer-4")).Succeeded();
        string before = Text((await DescribeAsync("peer-4")).GetProperty("properties"), "executable.pid");

        (await AspireAsync("resource", "peer-4", "restart")).Succeeded();
        (await AspireAsync("wait", "peer-4")).Succeeded();
        Assert.NotEqual(before, Text((await DescribeAsync("peer-4")).GetProperty("properties"), "executable.pid"));

        (await AspireAsync("resource", "peer-4", "stop")).Succeeded();
        (await AspireAsync("wait", "peer-4", "--status", "down")).Succeeded();
    }

    [Theory]
    [InlineData("dance", "resource", "peer-0", "dance")]
    [InlineData("nobody", "resource", "nobody", "stop")]
    [InlineData("nobody", "wait", "nobody")]
    [InlineData("nobody", "describe", "nobody")]
    [InlineData("nobody", "logs", "nobody")]
    public async Task What_cannot_be_done_fails_and_is_named(string named, params string[] arguments) =>
        Assert.Contains(named, (await AspireAsync(arguments)).Failed().All, StringComparison.Ordinal);

    private Task<ToolResult> AspireAsync(params string[] arguments) => ring.Home.RunAsync(Cancel, arguments);

    private async Task<JsonElement> DescribeAsync(string name)
    {
        ToolResult described = await AspireAsync("describe", name, "--format", "json");
        return Assert.Single(Parse(described).GetProperty("resources").EnumerateArray());
    }

    private async Task UntilOutputAsync(string wanted, params string[] arguments)
    {
        ToolResult? last = null;
        await Patience.UntilAsync($"aspire shows '{wanted}'", SeenAsync, () => last!.All, Cancel);

        async Task<bool> SeenAsync()
        {
            // Until the first telemetry of a peer has come, the tool says that there is no such peer.
            last = await AspireAsync(arguments);
            return last.ExitCode == 0 && last.Output.Contains(wanted, StringComparison.Ordinal);
        }
    }

    private static async Task ReadUntilAsync(Process process, params string[] wanted)
    {
        using var patience = new CancellationTokenSource(Patience.Ample, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Cancel);
        var seen = new List<string>();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(either.Token) is { } line)
            {
                seen.Add(line);
                if (wanted.All(text => line.Contains(text, StringComparison.Ordinal)))
                    return;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
        }

        Assert.Fail($"No line with '{string.Join("' and '", wanted)}' came. What came:\n{string.Join('\n', seen)}");
    }

    private static JsonElement Parse(ToolResult result)
    {
        string output = result.Succeeded().Output;
        int start = output.AsSpan().IndexOfAny('[', '{');
        Assert.True(start >= 0, result.All);
        using var document = JsonDocument.Parse(output[start..]);
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? Convert.ToString(value, CultureInfo.InvariantCulture)! : "";
}
