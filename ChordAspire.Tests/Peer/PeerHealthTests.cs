using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace ChordAspire.Tests.Peer;

[Collection(OwnPeers.Name)]
public sealed class PeerHealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_is_alive_while_it_joins_and_healthy_once_it_is_a_member()
    {
        using var http = new HttpClient();
        int port = PeerProcess.FreePort();
        await using PeerProcess joining = await PeerProcess.StartAsync(Cancellation, ("TARGET_ADDRESS", $"127.0.0.1:{port}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync("/health"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/alive"));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await CheckAsync());

        await using PeerProcess target = PeerProcess.Launch(port, PeerProcess.FreePort());
        await Patience.UntilAsync("the peer is healthy", async () => await GetAsync("/health") == HttpStatusCode.OK, () => joining.Output, Cancellation);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/alive"));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await CheckAsync());

        async Task<HttpStatusCode> GetAsync(string path)
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri($"http://127.0.0.1:{joining.HttpPort}{path}"), Cancellation);
            return response.StatusCode;
        }

        async Task<HealthCheckResponse.Types.ServingStatus> CheckAsync() =>
            (await new Health.HealthClient(joining.Invoker).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation)).Status;
    }

    [Fact]
    public async Task The_services_are_told_by_reflection_in_development()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("Ring__PeerExecutable") is not null, "A peer compiled ahead of time has no reflection.");
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("ASPNETCORE_ENVIRONMENT", "Development"));
        string[] services = await ListServicesAsync(peer);
        Assert.Contains("chord.ChordService", services);
        Assert.Contains("chord.ring.v1.RingService", services);
        Assert.Contains("chord.ring.v1.PeerService", services);
    }

    [Fact]
    public async Task The_services_are_not_told_in_production()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => ListServicesAsync(peer));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    private static async Task<string[]> ListServicesAsync(PeerProcess peer)
    {
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(peer.Invoker).ServerReflectionInfo(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Cancellation);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        return [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];
    }
}
