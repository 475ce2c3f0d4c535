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
    /// <summary>No lookup is waited for that long.</summary>
    private static readonly TimeSpan LongestHop = TimeSpan.FromDays(1);

    /// <exception cref="RefusedException">Something in it is malformed or over its bound.</exception>
    internal static LookupAnswer FromWire(Wire.LookupReply reply)
    {
        int bits = WireMapping.BitsFromWire(reply.Bits);
        return new LookupAnswer(
            WireMapping.IdFromWire(reply.Id, bits, "id"),
            WireMapping.PeerFromWire(reply.Owner, bits, "owner"),
            WireMapping.OptionalPeerFromWire(reply.Holder, bits, "holder") ?? WireMapping.PeerFromWire(reply.Owner, bits, "owner"),
            CountFromWire(reply.Hops, "hops"),
            CountFromWire(reply.HopsToPredecessor, "hops_to_predecessor"),
            CountFromWire(reply.Unanswered, "unanswered"),
            [.. reply.Path.Select(hop => new AnsweredHop(WireMapping.PeerFromWire(hop.Peer, bits, "path"), hop.Answered, TimeFromWire(hop.Milliseconds)))]);
    }

    private static int CountFromWire(uint count, string field) =>
        count <= int.MaxValue ? (int)count : throw new RefusedException(Refusal.InvalidRequest, $"Field '{field}' is {count}; at most {int.MaxValue} peers can have been asked.");

    private static TimeSpan TimeFromWire(double milliseconds) =>
        milliseconds >= 0 && milliseconds <= LongestHop.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new RefusedException(
                Refusal.InvalidRequest, FormattableString.Invariant($"Field 'path.milliseconds' is {milliseconds}; 0 to {LongestHop.TotalMilliseconds} are allowed."));
}

/// <summary>One peer asked, and how long it took.</summary>
public readonly record struct AnsweredHop(PeerRef Peer, bool Answered, TimeSpan Duration);
