using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>How many rings living members form: cycles of first living successors. One is as it should be.</summary>
internal static class RingCount
{
    public static int Of(SimulatedRing ring)
    {
        int[] successors = [.. ring.Peers.Select(peer => peer.IsLiveMember ? SuccessorOf(ring, peer) : -1)];
        int[] walks = new int[successors.Length];
        int rings = 0;
        for (int start = 0; start < successors.Length; start++)
        {
            int walk = start + 1;
            int at = start;
            while (at >= 0 && walks[at] == 0)
            {
                walks[at] = walk;
                at = successors[at];
            }
            // Who comes back to its own walk has closed a cycle that nobody walked before.
            rings += at >= 0 && walks[at] == walk && successors[start] >= 0 ? 1 : 0;
        }
        return rings;
    }

    private static int SuccessorOf(SimulatedRing ring, SimulatedPeer peer)
    {
        foreach (PeerRef entry in peer.State.Successors.Peers)
        {
            int host = HostNames.HostOf(entry);
            if (ring.Peers[host].IsLiveMember)
                return host;
        }
        return peer.State.IsAlone ? peer.Host : -1;
    }
}
