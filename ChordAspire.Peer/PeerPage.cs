using System.Text.Json.Serialization;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>What the peer says of itself over plain HTTP, for programs that do not speak gRPC: <c>GET /peer</c>. Reads only.</summary>
internal sealed record PeerPage(
    string Id, string Address, int ProcessId, string Phase, bool RingReady, string? Predecessor, IReadOnlyList<string> Successors, int SuccessorListLength, long ObjectsHeld, long BytesHeld, long ObjectsOwned, bool Replicated,
    IReadOnlyList<SeedPage> Seeds)
{
    public const string Path = "/peer";

    public static PeerPage Of(PeerState state, HeldObjects held, IReadOnlyList<SeedView> seeds) => new(
        state.Self.Id.ToString(),
        state.Self.Address,
        Environment.ProcessId,
        state.Phase.ToString().ToLowerInvariant(),
        state.RingReady,
        state.Predecessor?.Id.ToString(),
        [.. state.Successors.Peers.Select(peer => peer.Id.ToString())],
        state.Parameters.SuccessorListLength,
        held.Objects,
        held.Bytes,
        held.Owned,
        held.Replicated,
        [.. seeds.Select(SeedPage.Of)]);
}

/// <summary>What a seed peer near by said last of its neighbours: it has no page of its own.</summary>
internal sealed record SeedPage(string Id, string Address, string? Predecessor, string? Successor)
{
    public static SeedPage Of(SeedView seed) => new(seed.Self.Id.ToString(), seed.Self.Address, seed.Predecessor?.Id.ToString(), seed.Successor?.Id.ToString());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeerPage))]
[JsonSerializable(typeof(LookupPage))]
internal sealed partial class PeerJson : JsonSerializerContext;
