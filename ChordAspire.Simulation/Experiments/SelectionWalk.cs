using ChordAspire.Protocol;

namespace ChordAspire.Simulation.Experiments;

/// <summary>
/// Lookups with the server selection of ToN 2003 §V-F, on an ideal ring: of the finger that precedes the key most closely and its s successors,
/// those that precede the key
/// too, the peer on the way goes on with the one nearest to itself in the network. Which finger that is, is for the production rule (<see
/// cref="Routing.ClosestPreceding"/>)
/// to say; the choice among its successors belongs to this experiment, for no production peer knows how far others are from each other.
/// </summary>
internal sealed class SelectionWalk(PeerRef[] sorted, int choice, LatencyModel latency, Chance chance)
{
    // The paper sets r = s. The list itself is cut here; r may not be less than two.
    private readonly ChordParameters _parameters = new(SuccessorListLength: Math.Max(choice, ChordParameters.MinSuccessorListLength));
    private readonly PeerState?[] _states = new PeerState?[sorted.Length];

    /// <summary>One lookup; null where there is no way to compare, since the asker owns the key.</summary>
    public Stretch? LookUp(int asker, Identifier key)
    {
        int owner = PaperRing.PlaceOf(IdealRing.OwnerOf(key, sorted), sorted);
        if (owner == asker)
            return null;
        TimeSpan direct = RoundTrip(asker, owner);
        TimeSpan iterative = TimeSpan.Zero;
        TimeSpan recursive = TimeSpan.Zero;
        int at = asker;
        while (Next(at, key) is { } next)
        {
            iterative += RoundTrip(asker, next);
            recursive += OneWay(at, next);
            at = next;
        }
        return new Stretch(iterative / direct, (recursive + OneWay(at, asker)) / direct);
    }

    /// <summary>Whom this peer goes on with; null where it precedes the key itself.</summary>
    private int? Next(int at, Identifier key)
    {
        Identifier self = sorted[at].Id;
        if (Routing.ClosestPreceding(StateAt(at), key) is not [{ } finger, ..])
            return null;
        int first = PaperRing.PlaceOf(finger, sorted);
        int best = first;
        for (int step = 1; step <= choice && choice > 1; step++)
        {
            int other = (first + step) % sorted.Length;
            if (!sorted[other].Id.IsBetween(self, key))
                break;
            if (OneWay(at, other) < OneWay(at, best))
                best = other;
        }
        return best;
    }

    private PeerState StateAt(int place)
    {
        if (_states[place] is { } known)
            return known;
        PeerState state = IdealRing.StateOf(_parameters with { SuccessorListLength = choice }, sorted, place);
        return _states[place] = state with { Parameters = _parameters };
    }

    private TimeSpan RoundTrip(int from, int to) => OneWay(from, to) + OneWay(to, from);

    private TimeSpan OneWay(int from, int to) => from == to ? TimeSpan.Zero : latency.OneWay(HostNames.HostOf(sorted[from]), HostNames.HostOf(sorted[to]), chance);
}

/// <summary>How long one lookup takes to the key's predecessor, over one round trip between asker and owner.</summary>
/// <param name="Iterative">The asker asks each peer itself: a round trip a hop.</param>
/// <param name="Recursive">Each peer hands the lookup on, the last one answers the asker: one way a hop, and one way back.</param>
internal readonly record struct Stretch(double Iterative, double Recursive);
