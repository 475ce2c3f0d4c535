using System.Text.Json.Serialization;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>What the peer says of itself over plain HTTP, for programs that do not speak gRPC: <c>GET /peer</c>. Reads only.</summary>
internal sealed record PeerPage(
    string Id, string Address, int ProcessId, string Phase, bool RingReady, string? Predecessor, IReadOnlyList<string> Successors, int SuccessorListLength, long ObjectsHeld, long BytesHeld, long ObjectsOwned, bool Replicated)
{
    public const string Path = "/peer";

    public static PeerPage Of(PeerState state, HeldObjects held) => new(
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
        held.Replicated);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeerPage))]
[JsonSerializable(typeof(LookupPage))]
internal sealed partial class PeerJson : JsonSerializerContext;
