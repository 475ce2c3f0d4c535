using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// A start state: every peer's predecessor, successor list and fingers globally right, made directly and not by joining. The papers' experiments begin so;
/// whatever is to be shown about joining must not.
/// </summary>
public static class IdealRing
{
    /// <summary>Adds this many peers with identifiers from the seed, and places them.</summary>
    public static void Build(SimulatedRing ring, int peers)
    {
        Chance places = ring.Options.Seed.For(ChanceUse.Plan, peers);
        HashSet<Identifier> ids = [];
        while (ids.Count < peers)
        {
            Identifier id = places.NextIdentifier(ring.Parameters.Bits);
            if (ids.Add(id))
                ring.AddPeer(id);
        }
        Place(ring, ring.Peers);
    }

    /// <summary>Places these peers, which are not running, as the only ones of an ideal ring.</summary>
    public static void Place(SimulatedRing ring, IReadOnlyList<SimulatedPeer> peers)
    {
        PeerRef[] sorted = [.. peers.Select(peer => peer.Self).OrderBy(self => self.Id)];
        for (int i = 0; i < sorted.Length; i++)
            ring.Place(ring.Peers[HostNames.HostOf(sorted[i])], StateOf(ring.Parameters, sorted, i));
    }

    /// <summary>What one peer knows in the ideal ring of these, which are in the order of their identifiers.</summary>
    public static PeerState StateOf(ChordParameters parameters, PeerRef[] sorted, int at)
    {
        int count = sorted.Length;
        int others = Math.Min(count - 1, parameters.SuccessorListLength);
        var successors = ImmutableArray.CreateBuilder<PeerRef>(others);
        for (int step = 1; step <= others; step++)
            successors.Add(sorted[(at + step) % count]);
        return PeerState.CreateMember(
            sorted[at],
            parameters,
            count == 1 ? null : sorted[(at + count - 1) % count],
            new SuccessorList(successors.MoveToImmutable(), spansRing: others < parameters.SuccessorListLength),
            FingersOf(sorted[at], sorted));
    }

    /// <summary>The owner of a key among peers in the order of their identifiers.</summary>
    public static PeerRef OwnerOf(Identifier key, PeerRef[] sorted) => sorted[PlaceInOrder.Of(key, sorted) % sorted.Length];

    /// <summary>The finger table of a peer in the ideal ring of these, in ascending order of identifiers.</summary>
    internal static FingerTable FingersOf(PeerRef self, PeerRef[] sorted)
    {
        FingerTable fingers = FingerTable.Empty;
        int first = 0;
        while (first < self.Id.Bits)
        {
            PeerRef owner = OwnerOf(self.Id.FingerStart(first), sorted);
            int last = first;
            while (last + 1 < self.Id.Bits && self.Id.FingerStart(last + 1).IsOnArc(self.Id, owner.Id))
                last++;
            if (owner != self)
                fingers = fingers.With(first, last, owner);
            first = last + 1;
        }
        return fingers;
    }
}
