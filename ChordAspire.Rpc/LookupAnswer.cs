using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>Outcome of a lookup as a client sees it.</summary>
/// <param name="Holder">Who stores the objects there: the owner, or where that is a seed peer the next peer behind it that is none.</param>
/// <param name="Hops">Peers asked, the owner included and the asker not.</param>
/// <param name="HopsToPredecessor">Peers asked up to the key's predecessor, as the papers count.</param>
/// <param name="Unanswered">Of the peers asked, those that did not answer.</param>
public sealed record LookupAnswer(Identifier Id, PeerRef Owner, PeerRef Holder, int Hops, int HopsToPredecessor, int Unanswered, ImmutableArray<AnsweredHop> Path)
{
    internal static LookupAnswer FromWire(Wire.LookupReply reply)
    {
        int bits = WireMapping.BitsFromWire(reply.Bits);
        return new LookupAnswer(
            WireMapping.IdFromWire(reply.Id, bits, "id"),
            WireMapping.PeerFromWire(reply.Owner, bits, "owner"),
            WireMapping.OptionalPeerFromWire(reply.Holder, bits, "holder") ?? WireMapping.PeerFromWire(reply.Owner, bits, "owner"),
            (int)reply.Hops,
            (int)reply.HopsToPredecessor,
            (int)reply.Unanswered,
            [.. reply.Path.Select(hop => new AnsweredHop(WireMapping.PeerFromWire(hop.Peer, bits, "path"), hop.Answered, TimeSpan.FromMilliseconds(hop.Milliseconds)))]);
    }
}

/// <summary>One peer asked, and how long it took.</summary>
public readonly record struct AnsweredHop(PeerRef Peer, bool Answered, TimeSpan Duration);
