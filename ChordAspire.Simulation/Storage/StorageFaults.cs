namespace ChordAspire.Simulation;

/// <summary>What goes wrong in a run with objects: one loss at a time, until every object has all its copies again, and now and then all peers' power.</summary>
/// <param name="end">When nothing goes wrong any more.</param>
/// <param name="peersMin">Members that are always left.</param>
/// <param name="gentle">Peers only join and leave, one at a time.</param>
internal sealed class StorageFaults(
    SimulatedRing ring, SimulatedStorage storage, StoragePlacement placement, Chance chance, TimeSpan end, int peersMin, bool gentle)
{
    /// <summary>Longer than between two regular comparisons of replicas.</summary>
    private static readonly TimeSpan RegularCheck = TimeSpan.FromSeconds(12);

    private int _diedSinceWhole;
    private bool _changing;
    private TimeSpan _damagedAt = -RegularCheck;

    /// <summary>Faults that happened.</summary>
    public int Done { get; private set; }

    public void Begin()
    {
        Schedule(chance.Exponential(TimeSpan.FromSeconds(2)));
        if (!gentle && chance.Happens(0.3))
        {
            // At the very end nothing is written any more that would hide what was lost.
            ring.At(chance.Happens(0.5) ? end - TimeSpan.FromMilliseconds(1) : chance.Uniform(TimeSpan.FromSeconds(5), end), LosePower);
        }
    }

    /// <summary>To be called often: from a moment at which every object has all its copies, the next peer may be lost.</summary>
    public void TakeStock()
    {
        // A replica's word about what it lost may itself be lost; the next regular check finds out.
        if (ring.Now - _damagedAt > RegularCheck && placement.NotWhole() is null)
            _diedSinceWhole = 0;
    }

    public void End()
    {
        foreach (SimulatedPeer peer in ring.Peers)
            ring.Resume(peer);
    }

    private void Schedule(TimeSpan delay) => ring.After(delay, () =>
    {
        if (ring.Now >= end)
            return;
        if (Fault())
            Done++;
        Schedule(chance.Exponential(TimeSpan.FromSeconds(1.5)));
    });

    private bool Fault()
    {
        SimulatedPeer peer = ring.Peers[chance.Next(ring.Peers.Count)];
        if (gentle)
            return GentleFault(peer);
        int kind = chance.Next(100);
        TimeSpan lasting = TimeSpan.FromMilliseconds(chance.Between(50, 3000));
        if (!peer.IsAlive)
            return Join(peer);
        int members = ring.Peers.Count(other => other.IsLiveMember);
        switch (kind)
        {
            case < 25 when MayDie(peer, members):
                _diedSinceWhole++;
                // A disk that is lost with its peer counts like any other death.
                ring.Crash(peer, diskSurvives: chance.Happens(0.8));
                return true;
            case < 45 when MayDie(peer, members):
                _diedSinceWhole++;
                ring.Crash(peer);
                ring.After(lasting, () => Join(peer));
                return true;
            case < 65 when members > peersMin && peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0:
                // Until its copies have been made again elsewhere, one that has left counts like one that died.
                _diedSinceWhole++;
                ring.Leave(peer);
                return true;
            case < 80 when peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0:
                _diedSinceWhole++;
                peer.Pause();
                ring.After(lasting, () => ring.Resume(peer));
                return true;
            case < 85 when _diedSinceWhole == 0:
                _diedSinceWhole++;
                _damagedAt = ring.Now;
                storage.Damage(peer);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Peers join and leave, one at a time, each in its own time: nothing that was acknowledged is out of sight for a moment.</summary>
    private bool GentleFault(SimulatedPeer peer)
    {
        if (_changing && placement.NotWhole() is not null)
            return false;
        if (peer.IsAlive && (ring.Peers.Count(other => other.IsLiveMember) <= peersMin || !peer.State.IsMember))
            return false;
        _changing = true;
        if (!peer.IsAlive)
            return Join(peer);
        ring.Leave(peer);
        return true;
    }

    private bool MayDie(SimulatedPeer peer, int members) => members > peersMin && peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0;

    /// <summary>All processes die at the same moment, and start again: what was acknowledged is on disk.</summary>
    private void LosePower()
    {
        SimulatedPeer[] running = [.. ring.Peers.Where(peer => peer.IsAlive)];
        foreach (SimulatedPeer peer in running)
            ring.Crash(peer);
        Done++;
        _diedSinceWhole++;
        ring.Start(running[0]);
        foreach (SimulatedPeer peer in running.Skip(1))
            ring.Start(peer, running[0].Host, running[1].Host);
    }

    private bool Join(SimulatedPeer peer)
    {
        int[] targets = [.. ring.Peers.Where(other => other.IsLiveMember).Select(other => other.Host).Take(3)];
        if (peer.IsAlive || targets.Length == 0)
            return false;
        ring.Start(peer, targets);
        return true;
    }
}
