using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Keeps what happened in a run: the last events of each peer in words, and the ring before and after the latest of them.</summary>
internal sealed class RunHistory(SimulatedRing ring) : IRingObserver
{
    private const int KeptPerPeer = 8;
    private readonly SortedDictionary<int, Queue<string>> _last = [];

    /// <summary>All that happened, as scripts need it.</summary>
    public List<RunMoment> Moments { get; } = [];

    /// <summary>The last events of each peer, oldest first.</summary>
    public IEnumerable<(PeerRef Peer, IEnumerable<string> Events)> LastEvents => _last.Select(pair => (ring.Peers[pair.Key].Self, pair.Value.AsEnumerable()));

    public void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
    {
        Moments.Add(new RunMoment(ring.Now, peer.Self, before, input, input is ChordEvent.NeighborsAsked(long asker) ? ring.Peers[(int)asker].Self : null));
        if (Narration.Of(before, input, step) is { } line)
            Keep(peer.Host, line);
    }

    public void LivenessChanged(SimulatedPeer peer)
    {
        Moments.Add(new RunMoment(ring.Now, peer.Self, peer.State, peer.IsAlive ? null : RunMoment.Died, Asker: null));
        Keep(peer.Host, peer.IsAlive ? "starts" : "dies");
    }

    public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent) => Keep(asker.Host, $"takes {silent.Self.Id.ToUInt64()} for dead, which lives");

    private void Keep(int host, string line)
    {
        if (!_last.TryGetValue(host, out Queue<string>? lines))
            _last[host] = lines = new Queue<string>();
        lines.Enqueue($"{ring.Now.TotalSeconds:0.0000} s  {line}");
        if (lines.Count > KeptPerPeer)
            lines.Dequeue();
    }
}

/// <summary>One event at one peer; or, without an event, that it started; or that it died.</summary>
/// <param name="Asker">Whoever asks for its neighbours, where that is the event.</param>
internal readonly record struct RunMoment(TimeSpan At, PeerRef Peer, PeerState Before, ChordEvent? Event, PeerRef? Asker)
{
    /// <summary>Stands for the end of a process. No peer ever handles it outside of a ring that it has left.</summary>
    public static ChordEvent Died { get; } = new ChordEvent.StandAlone();
}
