namespace ChordAspire.Simulation;

/// <summary>What goes wrong in a run with objects, and when: never more is lost between two moments at which every object had all its copies than is promised.</summary>
internal sealed class StorageFaults
{
    /// <summary>Joining, and longer than between two regular comparisons of replicas.</summary>
    private static readonly TimeSpan RegularCheck = TimeSpan.FromSeconds(15);

    private readonly SimulatedRing _ring;
    private readonly SimulatedStorage _storage;
    private readonly StoragePlacement _placement;
    private readonly Chance _chance;
    private readonly TimeSpan _end;
    private readonly int _peersMin;
    private readonly StorageTurmoil _turmoil;
    private bool _changing;
    private TimeSpan _damagedAt = -RegularCheck;

    /// <param name="end">When nothing goes wrong any more.</param>
    /// <param name="peersMin">Members that are always left.</param>
    public StorageFaults(
        SimulatedRing ring, SimulatedStorage storage, StoragePlacement placement, Chance chance, TimeSpan end, int peersMin, StorageTurmoil turmoil)
    {
        (_ring, _storage, _placement, _chance, _end, _peersMin, _turmoil) = (ring, storage, placement, chance, end, peersMin, turmoil);
        Losses = new PeerLosses(ring, storage.Options.Copies, chance, peersMin);
        Cuts = new NetworkCuts(ring, chance, end);
        storage.Acknowledged += Acknowledged;
    }

    /// <summary>Faults that happened.</summary>
    public int Done { get; private set; }

    public PeerLosses Losses { get; }

    public NetworkCuts Cuts { get; }

    /// <summary>When first the peers said that every object has all its copies and an observer counted fewer; null: never.</summary>
    public string? FalseClaim { get; private set; }

    public AcknowledgedVersions Versions { get; } = new();

    public void Begin()
    {
        Schedule(_chance.Exponential(TimeSpan.FromSeconds(2)));
        if (_turmoil == StorageTurmoil.Cuts)
            CutAt(_chance.Uniform(TimeSpan.FromSeconds(2), _end * 0.75));
        if (_turmoil != StorageTurmoil.OneAtATime && _chance.Happens(0.3))
        {
            // At the very end nothing is written any more that would hide what was lost.
            _ring.At(_chance.Happens(0.5) ? _end - TimeSpan.FromMilliseconds(1) : _chance.Uniform(TimeSpan.FromSeconds(5), _end), LosePower);
        }
    }

    /// <summary>To be called often: from a moment at which every object has all its copies, the next peers may be lost.</summary>
    public void TakeStock()
    {
        // A replica's word about what it lost may itself be lost, and one that is back with an empty disk may not have been missed; the next regular check finds out.
        TimeSpan unnoticedSince = _damagedAt > Losses.ReturnedEmptyAt ? _damagedAt : Losses.ReturnedEmptyAt;
        if (_ring.Now - unnoticedSince <= RegularCheck || Losses.SomeAway || _ring.Links.Disturbed || _placement.NotWhole() is not null || _placement.SomeIsOnItsWay())
            return;
        // On their word others forget their copies, so it must be true.
        string? thin = Versions.HeldByFewerThan(_storage.Options.Copies, _ring.Peers.Where(peer => peer.IsAlive).Select(_storage.StateOf));
        if (thin is not null)
            FalseClaim ??= $"all copies were said to be there at {_ring.Now:c}, but {thin}";
        Losses.BeWhole();
        Cuts.BeWhole();
    }

    public void End()
    {
        _ring.Links.Repair();
        Losses.BringBack();
        foreach (SimulatedPeer peer in _ring.Peers)
            _ring.Resume(peer);
    }

    private void Acknowledged(Acknowledgement write)
    {
        Versions.Count(write);
        if (Losses.Acknowledged(write))
            Done++;
    }

    private void Schedule(TimeSpan delay) => _ring.After(delay, () =>
    {
        if (_ring.Now >= _end)
            return;
        if (Fault())
            Done++;
        Schedule(_chance.Exponential(TimeSpan.FromSeconds(1)));
    });

    /// <summary>The network is cut at this moment, or later when nothing else is wrong.</summary>
    private void CutAt(TimeSpan moment) => _ring.At(moment, () =>
    {
        if (_ring.Now >= _end)
            return;
        if (Losses.GoneSinceWhole == 0 && Cuts.Cut())
            Done++;
        else
            CutAt(_ring.Now + TimeSpan.FromMilliseconds(100));
    });

    private bool Fault()
    {
        SimulatedPeer peer = _ring.Peers[_chance.Next(_ring.Peers.Count)];
        if (_turmoil == StorageTurmoil.OneAtATime)
            return GentleFault(peer);
        if (Cuts.CutSinceWhole)
            return _chance.Happens(0.2) && Losses.LoseTogether();
        if (!peer.IsAlive)
            return !Losses.IsAway(peer) && Losses.Start(peer);
        bool awake = peer is { IsLiveMember: true, IsPaused: false };
        switch (_chance.Next(100))
        {
            case < 30:
                return Losses.LoseTogether();
            case < 50:
                return Losses.LoseOnAcknowledgement();
            case < 58:
                return Losses.FailTogether();
            case < 66 when awake && Losses.Left > 0 && Losses.MayGo(1):
                // Until its copies have been made again elsewhere, one that has left counts like one that died.
                Losses.Count(1);
                _ring.Leave(peer);
                return true;
            case < 78 when awake && Losses.Left > 0 && Losses.MayGo(1):
                Losses.Count(1);
                peer.Pause();
                _ring.After(TimeSpan.FromMilliseconds(_chance.Between(50, 3000)), () => _ring.Resume(peer));
                return true;
            case < 82 when Losses.Left > 0:
                Losses.Count(1);
                _damagedAt = _ring.Now;
                _storage.Damage(peer);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Peers join and leave, one at a time, each in its own time: nothing that was acknowledged is out of sight for a moment.</summary>
    private bool GentleFault(SimulatedPeer peer)
    {
        if (_changing && _placement.NotWhole() is not null)
            return false;
        if (peer.IsAlive && (_ring.Peers.Count(other => other.IsLiveMember) <= _peersMin || !peer.State.IsMember))
            return false;
        _changing = true;
        if (!peer.IsAlive)
            return _ring.StartAmongMembers(peer);
        _ring.Leave(peer);
        return true;
    }

    /// <summary>All processes die at the same moment, and start again: what was acknowledged is on disk.</summary>
    private void LosePower()
    {
        SimulatedPeer[] running = [.. _ring.Peers.Where(peer => peer.IsAlive)];
        foreach (SimulatedPeer peer in running)
            _ring.Crash(peer);
        Done++;
        Losses.Count(Losses.Left);
        _ring.Start(running[0]);
        foreach (SimulatedPeer peer in running.Skip(1))
            _ring.Start(peer, running[0].Host, running[1].Host);
    }
}

/// <summary>How hard a run with objects is.</summary>
internal enum StorageTurmoil
{
    /// <summary>Peers join and leave, one at a time: every single read is held to the promise.</summary>
    OneAtATime,

    /// <summary>Peers are lost, fail and stall, also several at once.</summary>
    Losses,

    /// <summary>The same, and the network is cut in two now and then.</summary>
    Cuts,
}
