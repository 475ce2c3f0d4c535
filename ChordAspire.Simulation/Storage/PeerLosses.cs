namespace ChordAspire.Simulation;

/// <summary>Peers that are lost at the same moment, as many as may be; and peers that fail together, even all that hold an object, and come back with their disks.</summary>
/// <param name="copies">r_L.</param>
/// <param name="peersMin">Members that are always left.</param>
internal sealed class PeerLosses(SimulatedRing ring, int copies, Chance chance, int peersMin)
{
    private readonly LossBudget _budget = new(copies);
    private readonly HashSet<SimulatedPeer> _away = [];
    private readonly HashSet<SimulatedPeer> _emptied = [];
    private bool _lieInWait;

    /// <summary>Peers that may be lost at this moment.</summary>
    public int Left => _budget.Left;

    /// <summary>Peers that died, left or stalled since every object had all its copies. The ring itself stands fewer than its lists are long.</summary>
    public int GoneSinceWhole { get; private set; }

    /// <summary>Peers are away, with more than may be lost on their disks: until they are back, others may know nothing of it.</summary>
    public bool SomeAway => _away.Count > 0;

    /// <summary>How often at least two peers were lost at the same moment.</summary>
    public int Together { get; private set; }

    /// <summary>How often more peers failed together than may be lost, and came back.</summary>
    public int Failed { get; private set; }

    /// <summary>When a peer that had lost its disk last started again.</summary>
    public TimeSpan ReturnedEmptyAt { get; private set; } = TimeSpan.MinValue / 2;

    /// <summary>A peer that will come back by itself.</summary>
    public bool IsAway(SimulatedPeer peer) => _away.Contains(peer);

    public bool MayGo(int peers) =>
        GoneSinceWhole + peers < ring.Parameters.SuccessorListLength && ring.Peers.Count(other => other.IsLiveMember) - peers >= peersMin;

    /// <summary>Something that is no loss of a whole peer, and counts as one.</summary>
    public void Count(int peers)
    {
        _budget.Lose(ring.Now, peers);
        GoneSinceWhole += peers;
    }

    public void BeWhole()
    {
        _budget.BeWhole(ring.Now);
        GoneSinceWhole = 0;
    }

    /// <summary>As many peers as may be, neighbours or not, or fewer; with their disks, or to come back without anything, or with everything.</summary>
    public bool LoseTogether()
    {
        int size = chance.Happens(0.7) ? Left : Math.Min(Left, 1);
        return size > 0 && Lose(Draw(size));
    }

    /// <summary>From now on the next write that is acknowledged loses all its copies but one, the owner's or another.</summary>
    public bool LoseOnAcknowledgement()
    {
        _lieInWait = Left > 0;
        return false;
    }

    /// <returns>Whether peers are about to be lost for it.</returns>
    public bool Acknowledged(Acknowledgement write)
    {
        _budget.Count(write);
        if (!_lieInWait || write.Copies < 2)
            return false;
        _lieInWait = false;
        SimulatedPeer[] holders = [.. write.Holders];
        chance.Shuffle<SimulatedPeer>(holders);
        ring.After(TimeSpan.FromMilliseconds(chance.Next(5)), () => Lose([.. holders.Take(Math.Min(Left, holders.Length - 1))]));
        return true;
    }

    /// <summary>Neighbours fail at the same moment, as many as the ring can stand, and come back with their disks: nothing may be lost, whatever was acknowledged how.</summary>
    public bool FailTogether()
    {
        SimulatedPeer[] peers = Draw(ring.Parameters.SuccessorListLength - 1);
        if (peers.Length == 0 || !MayGo(peers.Length))
            return false;
        Failed++;
        GoneSinceWhole += peers.Length;
        foreach (SimulatedPeer peer in peers)
        {
            _away.Add(peer);
            ring.Crash(peer);
            ComeBack(peer);
        }
        return true;
    }

    /// <summary>Those who are to come back come back now.</summary>
    public void BringBack()
    {
        foreach (SimulatedPeer peer in _away.OrderBy(peer => peer.Host).ToArray())
            Return(peer);
    }

    /// <summary>Starts a peer that was lost, with what its disk still has.</summary>
    public bool Start(SimulatedPeer peer)
    {
        if (!ring.StartAmongMembers(peer))
            return false;
        if (_emptied.Remove(peer))
            ReturnedEmptyAt = ring.Now;
        return true;
    }

    private bool Lose(SimulatedPeer[] peers)
    {
        if (peers.Length == 0 || !MayGo(peers.Length) || !peers.All(peer => peer is { IsLiveMember: true, IsPaused: false }))
            return false;
        Together += peers.Length > 1 ? 1 : 0;
        Count(peers.Length);
        foreach (SimulatedPeer peer in peers)
        {
            bool diskSurvives = chance.Happens(0.5);
            ring.Crash(peer, diskSurvives);
            if (!diskSurvives)
                _emptied.Add(peer);
            if (chance.Happens(diskSurvives ? 0.4 : 0.2))
                ring.After(Soon(), () => Start(peer));
        }
        return true;
    }

    private void ComeBack(SimulatedPeer peer) => ring.After(Soon(), () =>
    {
        if (IsAway(peer))
            Return(peer);
    });

    private void Return(SimulatedPeer peer)
    {
        if (peer.IsAlive || ring.StartAmongMembers(peer))
            _away.Remove(peer);
        else
            ComeBack(peer);
    }

    private TimeSpan Soon() => TimeSpan.FromMilliseconds(chance.Between(50, chance.Happens(0.5) ? 500 : 8_000));

    /// <summary>Members: neighbours, or whoever it may be.</summary>
    private SimulatedPeer[] Draw(int size)
    {
        SimulatedPeer[] members = [.. ring.Peers.Where(peer => peer is { IsLiveMember: true, IsPaused: false }).OrderBy(peer => peer.Self.Id)];
        if (members.Length < size)
            return [];
        if (chance.Happens(0.3))
            chance.Shuffle<SimulatedPeer>(members);
        int first = chance.Next(members.Length);
        return [.. Enumerable.Range(first, size).Select(index => members[index % members.Length])];
    }
}
