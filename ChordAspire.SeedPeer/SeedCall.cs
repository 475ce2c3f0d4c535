using ChordAspire.Rpc.Seed;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChordAspire.SeedPeer;

/// <summary>Calls to other peers: a new channel for each, and no deadline.</summary>
internal static class SeedCall
{
    public static async Task<T> ToAsync<T>(string address, Func<ChordService.ChordServiceClient, AsyncUnaryCall<T>> call)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{address}");
        return await call(new ChordService.ChordServiceClient(channel));
    }

    public static Task<NodeInfo> FindSuccessorAsync(string address, int id) =>
        ToAsync(address, peer => peer.FindSuccessorAsync(new FindSuccessorRequest { Id = id }));
}
