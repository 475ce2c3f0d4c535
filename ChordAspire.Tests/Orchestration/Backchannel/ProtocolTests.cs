using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.DependencyInjection;
using StreamJsonRpc;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>Whatever a client says, the next one is served.</summary>
public sealed class ProtocolTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_method_is_called_unknown()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        using JsonRpc client = await offered.ConnectClientAsync();

        await Assert.ThrowsAsync<RemoteMethodNotFoundException>(() => client.InvokeWithCancellationAsync("DanceAsync", [], Cancel));
        await client.InvokeWithCancellationAsync("GetCapabilitiesAsync", [], Cancel);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"DanceAsync","params":[]}""", "-32601")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"GetResourcesAsync","params":[1,2,3,4,5,6,7,8]}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"WaitForResourceAsync","params":[]}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"WaitForResourceAsync","params":["peer-0"]}""", "-32602")]
    public async Task A_wrong_call_is_refused_by_its_number(string call, string code)
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        using var client = new RawClient(await offered.ConnectAsync());
        client.Send(call);

        Assert.Contains($"\"code\":{code}", client.TryReceive(), StringComparison.Ordinal);
        await offered.AssertAnswersAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("Content-Length: -5\r\n\r\n{}")]
    [InlineData("Content-Length: many\r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\nContent-Length: 999999999\r\n\r\n{}")]
    [InlineData("Content-Length:2\r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\nX-Other: 1\r\n\r\n{}")]
    [InlineData("Content-Length: 9\r\n\r\nnot json!")]
    [InlineData("Content-Length: 2\r\n\r\n[]")]
    [InlineData("Content-Length: 2\r\nContent-Type: text/plain; charset=klingon\r\n\r\n{}")]
    public async Task What_is_no_message_ends_the_connection(string text)
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        using var client = new RawClient(await offered.ConnectAsync());
        client.SendAsIs(text);

        Assert.Null(client.TryReceive());
        await offered.AssertAnswersAsync();
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_refused_before_it_is_read()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        using var client = new RawClient(await offered.ConnectAsync());
        client.SendAsIs($"Content-Length: {(FramedMessages.MessageMax + 1).ToString(CultureInfo.InvariantCulture)}\r\n\r\n");

        Assert.Null(client.TryReceive());
        await offered.AssertAnswersAsync();
    }

    [Fact]
    public async Task A_message_may_be_as_long_as_allowed_and_come_in_pieces()
    {
        const string call = """{"jsonrpc":"2.0","id":1,"method":"GetCapabilitiesAsync","params":[]}""";
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        using var client = new RawClient(await offered.ConnectAsync());
        client.SendAsIs("Content-");
        client.SendAsIs($"Length: {FramedMessages.MessageMax.ToString(CultureInfo.InvariantCulture)}\r\n");
        client.SendAsIs("\r\n" + call);
        client.SendAsIs(new string(' ', FramedMessages.MessageMax - call.Length));

        Assert.Contains("aux.v3", client.TryReceive(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_without_end_is_not_waited_for()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        using var client = new RawClient(await offered.ConnectAsync());
        client.SendAsIs(new string('x', FramedMessages.HeaderMax + 1));

        Assert.Null(client.TryReceive());
        await offered.AssertAnswersAsync();
    }

    [Fact]
    public async Task Two_clients_are_served_at_once()
    {
        IResource? peer = null;
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync(builder => peer = builder.AddProgram().Resource);
        using JsonRpc waiting = await offered.ConnectClientAsync();
        using JsonRpc asking = await offered.ConnectClientAsync();

        Task<WaitOutcome> wait = waiting.InvokeWithCancellationAsync<WaitOutcome>(
            "WaitForResourceAsync", [new WaitRequest { ResourceName = "peer-0", Status = "up" }], Cancel);
        await asking.InvokeWithCancellationAsync("GetCapabilitiesAsync", [], Cancel);
        Assert.False(wait.IsCompleted);
        await offered.ShowAsync(peer!, "Running");

        Assert.True((await wait).Success);
    }

    [Fact]
    public async Task A_client_that_goes_in_the_middle_leaves_nothing_behind()
    {
        IResource? peer = null;
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync(builder => peer = builder.AddProgram().Resource);
        await offered.ShowAsync(peer!, "Running");
        var notifications = offered.Application.Services.GetRequiredService<ResourceNotificationService>();
        var console = offered.Application.Services.GetRequiredService<ResourceLoggerService>().Console(peer!.InstanceName());
        using (JsonRpc client = await offered.ConnectClientAsync())
        {
            var states = await client.InvokeWithCancellationAsync<IAsyncEnumerable<ResourceAnswer>>("WatchResourcesAsync", [], Cancel);
            var lines = await client.InvokeWithCancellationAsync<IAsyncEnumerable<ConsoleBatch>>(
                "GetConsoleLogBatchesAsync", [new ConsoleRequest { Follow = true }], Cancel);
            console.Write("one line", isError: false);
            await states.GetAsyncEnumerator(Cancel).MoveNextAsync();
            await lines.GetAsyncEnumerator(Cancel).MoveNextAsync();
            Assert.Equal((1, 1), (notifications.Watchers, console.Readers));
        }

        await offered.UntilAsync("nobody watches and reads", () => (notifications.Watchers, console.Readers) == (0, 0));
        await offered.AssertAnswersAsync();
    }

    [Fact]
    public async Task Only_so_many_calls_are_answered_at_a_time()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync(builder => builder.AddProgram());
        using JsonRpc client = await offered.ConnectClientAsync();
        var request = new WaitRequest { ResourceName = "peer-0" };

        Task<WaitOutcome>[] waits =
        [
            .. Enumerable.Range(0, BoundedCalls.CallsMax + 1)
                .Select(_ => client.InvokeWithCancellationAsync<WaitOutcome>("WaitForResourceAsync", [request], Cancel)),
        ];

        var refused = await Assert.ThrowsAsync<RemoteInvocationException>(() => Task.WhenAny(waits).Unwrap());
        Assert.Contains("calls at a time", refused.Message, StringComparison.Ordinal);
        await offered.AssertAnswersAsync();
    }

    [Fact]
    public async Task Only_so_many_streams_are_open_at_a_time()
    {
        await using OfferedBackchannel offered = await OfferedBackchannel.StartAsync();
        using JsonRpc client = await offered.ConnectClientAsync();
        Task<IAsyncEnumerable<ResourceAnswer>> OpenAsync() =>
            client.InvokeWithCancellationAsync<IAsyncEnumerable<ResourceAnswer>>("WatchResourcesAsync", [], Cancel);
        var open = new List<IAsyncEnumerator<ResourceAnswer>>();
        for (int i = 0; i < OpenStreams.StreamsMax; i++)
            open.Add((await OpenAsync()).GetAsyncEnumerator(Cancel));

        var refused = await Assert.ThrowsAsync<RemoteInvocationException>(OpenAsync);
        Assert.Contains("streams at a time", refused.Message, StringComparison.Ordinal);
        await open[0].DisposeAsync();
        await Patience.UntilAsync("another can be opened", CanOpenAsync, () => "", Cancel);

        async Task<bool> CanOpenAsync()
        {
            try
            {
                await OpenAsync();
                return true;
            }
            catch (RemoteInvocationException)
            {
                return false;
            }
        }
    }
}
