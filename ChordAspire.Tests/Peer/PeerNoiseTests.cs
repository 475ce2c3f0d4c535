using System.Net;

namespace ChordAspire.Tests.Peer;

/// <summary>What a peer does not complain about, because nothing is wrong.</summary>
[Collection(OwnPeers.Name)]
public sealed class PeerNoiseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_for_web_servers_in_general_are_set_aside()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(
            Cancellation, ("ASPNETCORE_URLS", "http://localhost:1"), ("ASPNETCORE_HTTP_PORTS", "2"));
        Assert.DoesNotContain("warn:", peer.Output, StringComparison.Ordinal);
        Assert.Equal(2, ListeningSockets.Of(peer.ProcessId).Count);
    }

    [Fact]
    public async Task A_caller_may_give_up_while_the_call_is_read()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation);
        using var client = new HttpClient();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var half = new HalfAMessage();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{peer.Address}/chord.ring.v1.PeerService/Ping")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = half,
        };
        Task<HttpResponseMessage> call = client.SendAsync(request, giveUp.Token);
        await half.Sent.WaitAsync(Patience.Ample, Cancellation);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        // It ends when every call has ended.
        peer.Terminate();
        Assert.Equal(0, await peer.WaitForExitAsync(Cancellation));
        Assert.DoesNotContain("fail:", peer.Output, StringComparison.Ordinal);
    }

    /// <summary>The head of a gRPC message that announces a hundred bytes, of which none comes.</summary>
    private sealed class HalfAMessage : HttpContent
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HalfAMessage() => Headers.ContentType = new("application/grpc");

        public Task Sent => _sent.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 0, 100 }, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _sent.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
