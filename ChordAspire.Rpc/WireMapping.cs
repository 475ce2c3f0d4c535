using System.Collections.Immutable;
using System.Text;
using ChordAspire.Protocol;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ChordAspire.Rpc;

/// <summary>Between wire and protocol: every conversion checks widths and bounds, and refuses by name.</summary>
public static class WireMapping
{
    public static ByteString ToWire(Identifier id)
    {
        Span<byte> bytes = stackalloc byte[Identifier.ByteCount(Identifier.MaxBits)];
        id.WriteBigEndian(bytes);
        return ByteString.CopyFrom(bytes[..Identifier.ByteCount(id.Bits)]);
    }

    public static Wire.Peer ToWire(PeerRef peer) => new() { Id = ToWire(peer.Id), Address = peer.Address };

    public static Wire.RingParameters ToWire(ChordParameters parameters) =>
        new() { Bits = (uint)parameters.Bits, SuccessorListLength = (uint)parameters.SuccessorListLength };

    public static Wire.Phase ToWire(MemberPhase phase) => (Wire.Phase)phase;

    /// <exception cref="RefusedException">There is no such phase.</exception>
    public static MemberPhase PhaseFromWire(Wire.Phase phase) =>
        Enum.IsDefined((MemberPhase)phase) ? (MemberPhase)phase : throw new RefusedException(Refusal.InvalidRequest, $"Field 'phase' is {(int)phase}, which is none.");

    public static Wire.RouteReply ToWire(RouteAnswer answer)
    {
        var reply = new Wire.RouteReply { OwnsKey = answer.OwnsKey };
        if (answer.Predecessor is { } predecessor)
            reply.Predecessor = ToWire(predecessor);
        AddTo(reply.Successors, answer.Successors);
        AddTo(reply.Closer, answer.Closer);
        return reply;
    }

    public static Wire.ReadNeighborsReply ToWire(Neighbors neighbors)
    {
        var reply = new Wire.ReadNeighborsReply { SpansRing = neighbors.Successors.SpansRing };
        if (neighbors.Predecessor is { } predecessor)
            reply.Predecessor = ToWire(predecessor);
        AddTo(reply.Successors, neighbors.Successors.Peers);
        return reply;
    }

    public static void AddTo(RepeatedField<Wire.Peer> destination, ImmutableArray<PeerRef> peers)
    {
        foreach (PeerRef peer in peers)
            destination.Add(ToWire(peer));
    }

    /// <exception cref="RefusedException">No ring has identifiers of this width.</exception>
    public static int BitsFromWire(uint bits) =>
        bits is >= 1 and <= Identifier.MaxBits
            ? (int)bits
            : throw new RefusedException(Refusal.InvalidRequest, $"Identifiers have 1 to {Identifier.MaxBits} bits, not {bits}.");

    /// <exception cref="RefusedException">The identifier is not one of this ring's width.</exception>
    public static Identifier IdFromWire(ByteString bytes, int bits, string field) =>
        Identifier.TryFromWire(bits, bytes.Span, out Identifier id)
            ? id
            : throw new RefusedException(
                Refusal.InvalidRequest,
                $"Field '{field}' has {bytes.Length} bytes; an identifier of this ring has {bits} bits in {Identifier.ByteCount(bits)} bytes, big-endian, with no bit above the width.");

    /// <exception cref="RefusedException">The peer is missing, or its identifier or address is not well formed.</exception>
    public static PeerRef PeerFromWire(Wire.Peer? peer, int bits, string field)
    {
        if (peer is null)
            throw new RefusedException(Refusal.InvalidRequest, $"Field '{field}' is missing.");
        return new PeerRef(IdFromWire(peer.Id, bits, $"{field}.id"), AddressFromWire(peer.Address, $"{field}.address"));
    }

    public static PeerRef? OptionalPeerFromWire(Wire.Peer? peer, int bits, string field) => peer is null ? null : PeerFromWire(peer, bits, field);

    public static Neighbors FromWire(Wire.ReadNeighborsReply reply, int bits) => new(
        OptionalPeerFromWire(reply.Predecessor, bits, "predecessor"),
        new SuccessorList(PeersFromWire(reply.Successors, bits, RingLimits.MaxSuccessors, "successors"), reply.SpansRing));

    public static RouteAnswer FromWire(Wire.RouteReply reply, int bits) => new(
        reply.OwnsKey,
        OptionalPeerFromWire(reply.Predecessor, bits, "predecessor"),
        PeersFromWire(reply.Successors, bits, RingLimits.MaxSuccessors, "successors"),
        PeersFromWire(reply.Closer, bits, RingLimits.MaxCloser, "closer"));

    /// <summary>A key as it came, when it is not empty, not over its bound, and without control characters.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public static string KeyFromWire(string key)
    {
        int length = Encoding.UTF8.GetByteCount(key);
        if (length is < 1 or > RingLimits.MaxKeyBytes)
            throw new RefusedException(Refusal.InvalidRequest, $"The key has {length} bytes; 1 to {RingLimits.MaxKeyBytes} are allowed.");
        foreach (char character in key)
        {
            // They would garble every listing and log that the key comes into.
            if (char.IsControl(character))
                throw new RefusedException(Refusal.InvalidRequest, $"The key has the control character U+{(int)character:X4}; none is allowed.");
        }
        return key;
    }

    /// <exception cref="RefusedException">The value is over its bound.</exception>
    public static ByteString ValueFromWire(ByteString content) =>
        content.Length <= RingLimits.MaxValueBytes
            ? content
            : throw new RefusedException(Refusal.InvalidRequest, $"The value has {content.Length} bytes; at most {RingLimits.MaxValueBytes} are allowed.");

    /// <exception cref="RefusedException">It is not <c>host:port</c>.</exception>
    public static string AddressFromWire(string address, string field) =>
        PeerAddress.IsWellFormed(address)
            ? address
            : throw new RefusedException(Refusal.InvalidRequest, $"Field '{field}' is not an address of the form host:port with at most {RingLimits.MaxAddressBytes} bytes.");

    public static ImmutableArray<PeerRef> PeersFromWire(RepeatedField<Wire.Peer> peers, int bits, int max, string field)
    {
        if (peers.Count > max)
            throw new RefusedException(Refusal.InvalidRequest, $"Field '{field}' has {peers.Count} entries; at most {max} are allowed.");
        var result = ImmutableArray.CreateBuilder<PeerRef>(peers.Count);
        foreach (Wire.Peer peer in peers)
            result.Add(PeerFromWire(peer, bits, field));
        return result.MoveToImmutable();
    }
}
