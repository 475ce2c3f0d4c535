using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>Peers in the seed's contract: an identifier of at most 31 bits, and an address.</summary>
public static class SeedMapping
{
    /// <summary>The widest ring that the contract can serve: its identifiers are positive int32.</summary>
    public const int MaxBits = 31;

    /// <exception cref="RefusedException">The identifier is out of the ring's range, or the address is not <c>host:port</c>.</exception>
    public static PeerRef PeerFromWire(Seed.NodeInfo node, int bits) => new(PlaceFromWire(node.Id, bits), WireMapping.AddressFromWire(node.Address, "address"));

    /// <exception cref="RefusedException">The identifier is out of the ring's range.</exception>
    public static Identifier PlaceFromWire(int id, int bits) =>
        id >= 0 && id < 1L << bits
            ? Identifier.FromUInt64(bits, (ulong)id)
            : throw new RefusedException(Refusal.InvalidRequest, $"Field 'id' is {id}; identifiers of this ring go from 0 to {(1L << bits) - 1}.");

    public static Seed.NodeInfo ToWire(PeerRef peer) => new() { Id = (int)peer.Id.ToUInt64(), Address = peer.Address };

    /// <summary>How the contract says "nobody".</summary>
    public static bool IsNobody(Seed.NodeInfo node) => node is { Id: -1, Address: "" };
}
