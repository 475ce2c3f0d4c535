namespace ChordAspire.Simulation;

/// <summary>The network falls in two for some seconds. The longer it lasts the likelier each part becomes a ring of its own, which then stays one: see docs/promises.md.</summary>
internal sealed class NetworkCuts(SimulatedRing ring, Chance chance, TimeSpan end)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public int Done { get; private set; }

    /// <summary>How long the last one lasted.</summary>
    public TimeSpan Lasted { get; private set; }

    /// <summary>From a cut until the ring is whole again.</summary>
    public bool CutSinceWhole { get; private set; }

    public bool Cut()
    {
        int[] hosts = [.. ring.Peers.Where(peer => peer.IsAlive).OrderBy(peer => peer.Self.Id).Select(peer => peer.Host)];
        if (hosts.Length < 2)
            return false;
        Done++;
        CutSinceWhole = true;
        // One arc of the ring, or any peers; half of them, or fewer.
        int first = chance.Next(hosts.Length);
        hosts = [.. hosts.Skip(first), .. hosts.Take(first)];
        if (chance.Happens(0.5))
            chance.Shuffle<int>(hosts);
        int size = chance.Between(1, hosts.Length / 2);
        if (chance.Happens(0.7))
            ring.Links.Isolate(hosts.AsSpan(0, size));
        else
            CutOneWay(hosts[..size], hosts[size..]);
        TimeSpan healed = ring.Now + chance.Uniform(Shortest, Longest);
        healed = healed < end ? healed : end;
        Lasted = healed - ring.Now;
        ring.At(healed, ring.Links.Repair);
        return true;
    }

    public void BeWhole() => CutSinceWhole = false;

    private void CutOneWay(int[] from, int[] to)
    {
        if (chance.Happens(0.5))
            (from, to) = (to, from);
        foreach (int one in from)
        {
            foreach (int other in to)
                ring.Links.Cut(one, other);
        }
    }
}
