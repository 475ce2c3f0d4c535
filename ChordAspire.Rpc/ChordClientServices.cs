using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChordAspire.Rpc;

/// <summary>Registers <see cref="ChordClient"/> for programs whose peer is configuration.</summary>
public static class ChordClientServices
{
    /// <summary>A <see cref="ChordClient"/> that speaks to the ring through this peer.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="peerAddress">The peer's <c>host:port</c>.</param>
    public static IHttpClientBuilder AddChordClient(this IServiceCollection services, string peerAddress)
    {
        if (!PeerAddress.IsWellFormed(peerAddress))
            throw new ArgumentException($"'{peerAddress}' is not an address of the form host:port.", nameof(peerAddress));
        services.TryAddSingleton<ClientChannels>();
        services.AddTransient(provider => new ChordClient(
            provider.GetRequiredService<Wire.RingService.RingServiceClient>(), provider.GetRequiredService<ClientChannels>(), ownsChannels: false, peerAddress));
        return services
            .AddGrpcClient<Wire.RingService.RingServiceClient>((GrpcClientFactoryOptions options) => options.Address = PeerAddress.ToUri(peerAddress))
            .ConfigurePrimaryHttpMessageHandler(static () =>
                new SocketsHttpHandler { ConnectCallback = PeerChannels.ConnectAsync, EnableMultipleHttp2Connections = true, UseProxy = false });
    }
}
