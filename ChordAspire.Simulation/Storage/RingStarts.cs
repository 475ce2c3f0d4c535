namespace ChordAspire.Simulation;

/// <summary>How a peer is started in a run with objects.</summary>
internal static class RingStarts
{
    /// <summary>Starts a peer that joins through some of the living members.</summary>
    /// <returns>False: it runs already, or nobody is there.</returns>
    public static bool StartAmongMembers(this SimulatedRing ring, SimulatedPeer peer)
    {
        int[] targets = [.. ring.Peers.Where(other => other.IsLiveMember).Select(other => other.Host).Take(3)];
        if (peer.IsAlive || targets.Length == 0)
            return false;
        ring.Start(peer, targets);
        return true;
    }
}
