using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>What an observer hears from a peer that it watches, or that it hears nothing.</summary>
/// <param name="Told">Null while the peer is silent.</param>
/// <param name="Seeds">What the seed peers among its neighbours said last.</param>
/// <param name="Lookups">What clients have asked of it.</param>
/// <param name="Silence">Why nothing is heard, for people; null when it told something.</param>
public sealed record PeerNews(PeerDescription? Told, ImmutableArray<SeedView> Seeds, LookupTotals Lookups, string? Silence)
{
    /// <summary>More is a mistake: no process runs for thousands of years.</summary>
    private const double MaxMilliseconds = 1e14;

    internal static PeerNews OfSilent(string silence) => new(Told: null, [], default, silence);

    internal static PeerNews FromWire(Wire.WatchReply reply)
    {
        if (reply.Peer is null)
            throw new RefusedException(Refusal.InvalidRequest, "There is no peer in it.");
        PeerDescription told = PeerDescription.FromWire(reply.Peer);
        int bits = told.Parameters.Bits;
        return new PeerNews(
            told,
            [.. reply.Seeds.Take(RingLimits.MaxSuccessors + 1).Select(seed => new SeedView(
                WireMapping.PeerFromWire(seed.Self, bits, "seeds"),
                WireMapping.OptionalPeerFromWire(seed.Predecessor, bits, "seeds"),
                WireMapping.OptionalPeerFromWire(seed.Successor, bits, "seeds")))],
            new LookupTotals((long)Math.Min(reply.Lookups, long.MaxValue), TimeSpan.FromMilliseconds(Math.Clamp(reply.LookupMilliseconds, 0, MaxMilliseconds))),
            Silence: null);
    }

    public static Wire.SeedNeighbor ToWire(SeedView seed)
    {
        var wire = new Wire.SeedNeighbor { Self = WireMapping.ToWire(seed.Self) };
        if (seed.Predecessor is { } predecessor)
            wire.Predecessor = WireMapping.ToWire(predecessor);
        if (seed.Successor is { } successor)
            wire.Successor = WireMapping.ToWire(successor);
        return wire;
    }
}
