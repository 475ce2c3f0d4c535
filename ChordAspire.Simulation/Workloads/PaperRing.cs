using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Ideal rings to begin the papers' experiments with.</summary>
public static class PaperRing
{
    private static readonly Comparer<PeerRef> ByIdentifier = Comparer<PeerRef>.Create((one, other) => one.Id.CompareTo(other.Id));

    /// <summary>For rings whose peers do no housekeeping: no timer rings within any experiment.</summary>
    public static PeerTimings Still { get; } = new() { Stabilize = new Interval(TimeSpan.FromDays(1000), TimeSpan.FromDays(1000)), FixFingers = null };

    /// <summary>The clocks of ToN 2003 §V-E: successor and one finger are stabilized each 15 to 45 s, silence counts after 500 ms.</summary>
    /// <remarks>The owner is waited for up to 2 s, as the production host does: going round an owner that is only slow would name the wrong peer.</remarks>
    public static PeerTimings OfTheJournal { get; } = new()
    {
        Stabilize = new Interval(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(45)),
        FixFingers = new Interval(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(45)),
        CallTimeoutMin = TimeSpan.FromMilliseconds(500),
    };

    /// <summary>A ring of peers with random identifiers, ideal but for successor lists of this many entries: a list of one is the ring of SIGCOMM 2001.</summary>
    public static SimulatedRing Build(RingOptions options, int peers, int successors)
    {
        var ring = new SimulatedRing(options);
        Chance places = options.Seed.For(ChanceUse.Plan, peers);
        HashSet<Identifier> ids = [];
        while (ids.Count < peers)
        {
            Identifier id = places.NextIdentifier(options.Parameters.Bits);
            if (ids.Add(id))
                ring.AddPeer(id);
        }
        Place(ring, successors, (_, state) => state);
        return ring;
    }

    /// <summary>Places all peers of a ring that does not run yet.</summary>
    /// <param name="successors">Entries in their successor lists.</param>
    /// <param name="adjust">Changes the state of a peer before it is placed. Given all peers in the order of identifiers.</param>
    public static void Place(SimulatedRing ring, int successors, Func<PeerRef[], PeerState, PeerState> adjust)
    {
        PeerRef[] sorted = [.. ring.Peers.Select(peer => peer.Self).OrderBy(self => self.Id)];
        ChordParameters shorter = ring.Parameters with { SuccessorListLength = successors };
        for (int i = 0; i < sorted.Length; i++)
        {
            PeerState state = IdealRing.StateOf(shorter, sorted, i) with { Parameters = ring.Parameters };
            ring.Place(ring.Peers[HostNames.HostOf(sorted[i])], adjust(sorted, state));
        }
    }

    /// <summary>Where a peer stands among these, which are in the order of identifiers.</summary>
    public static int PlaceOf(PeerRef peer, PeerRef[] sorted) => Array.BinarySearch(sorted, peer, ByIdentifier);
}
