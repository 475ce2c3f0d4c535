namespace ChordAspire.Protocol;

/// <summary>The two properties that Zave (TSE 2017) recommends every peer to watch over its own list at run time, at any size of ring.</summary>
public static class LocalMonitors
{
    /// <summary>The first property that does not hold; null when all is well.</summary>
    public static ChordNotice.MonitorTripped? Check(PeerState state)
    {
        if (!NoDuplicates(state))
            return new ChordNotice.MonitorTripped(nameof(NoDuplicates), Describe(state));
        return OrderedSuccessorLists(state) ? null : new ChordNotice.MonitorTripped(nameof(OrderedSuccessorLists), Describe(state));
    }

    /// <summary>The peer and the entries of its list are all distinct.</summary>
    public static bool NoDuplicates(PeerState state)
    {
        ReadOnlySpan<PeerRef> peers = state.Successors.Peers.AsSpan();
        for (int i = 0; i < peers.Length; i++)
        {
            if (peers[i].Id == state.Self.Id)
                return false;
            for (int j = 0; j < i; j++)
            {
                if (peers[i].Id == peers[j].Id)
                    return false;
            }
        }
        return true;
    }

    /// <summary>Of any three entries of [self, list], in list order, the second lies between the first and the third.</summary>
    public static bool OrderedSuccessorLists(PeerState state)
    {
        // Clockwise distance from self must grow: that is the property for all triples at once.
        ReadOnlySpan<PeerRef> peers = state.Successors.Peers.AsSpan();
        for (int i = 1; i < peers.Length; i++)
        {
            if (state.Self.Id.DistanceTo(peers[i - 1].Id) >= state.Self.Id.DistanceTo(peers[i].Id))
                return false;
        }
        return true;
    }

    private static string Describe(PeerState state) => $"{state.Self} has the successor list {state.Successors}.";
}
