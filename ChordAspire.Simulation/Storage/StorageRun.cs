using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Clients write, read and delete a few keys as fast as they can, while peers crash, restart, leave, join and stall, all drawn from one seed; then faults stop,
/// the ring repairs itself, and every key is read through every peer.
/// </summary>
/// <remarks>
/// Faults keep to what is promised: no more peers die, between two moments at which every object has all its copies, than may be lost
/// at once; and no network is cut in two (see docs/promises.md).
/// </remarks>
public sealed class StorageRun
{
    private const int Keys = 12;
    private static readonly TimeSpan RepairMax = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RegularCheck = TimeSpan.FromSeconds(12);
    private static readonly Interval SlowFlush = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(300));
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    private readonly SimulatedRing _ring;
    private readonly SimulatedStorage _storage;
    private readonly Chance _faults;
    private readonly Chance _work;
    private readonly History _history;
    private readonly List<SeenValue> _reads = [];
    private readonly List<(string Key, ulong? Value, TimeSpan Began)> _open = [];
    private readonly TimeSpan _end;
    private readonly int _peersMin;
    private readonly bool _gentle;
    private bool _changing;
    private TimeSpan _damagedAt = -RegularCheck;
    private ulong _nextValue = 1;
    private int _refused, _faultsDone, _diedSinceWhole, _staleInTurmoil;

    private StorageRun(Seed seed, StorageMutation mutation)
    {
        _faults = seed.For(ChanceUse.Faults);
        _work = seed.For(ChanceUse.Workload);
        Chance plan = seed.For(ChanceUse.Plan);
        int length = plan.Between(3, 4);
        int peers = plan.Between(length + 3, 12);
        _storage = new SimulatedStorage(new StorageOptions
        {
            Copies = plan.Between(2, 3),
            DiskFull = plan.Happens(0.2) ? 0.02 : 0,
            Flush = plan.Happens(0.3) ? SlowFlush : new StorageOptions().Flush,
            Mutation = mutation,
        });
        _history = new History(2 * _storage.Options.ClockError);
        _peersMin = length + 2;
        _gentle = plan.Happens(0.25);
        _ring = new SimulatedRing(new RingOptions
        {
            Seed = seed,
            Parameters = new ChordParameters(plan.Happens(0.5) ? 160 : 8, length),
            Network = new NetworkOptions
            {
                Latency = new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(plan.Between(5, 80))),
                Loss = !_gentle && plan.Happens(0.3) ? 0.005 : 0,
                DeadPeersRefuse = plan.Happens(0.7),
            },
            Storage = _storage,
        });
        int bits = _ring.Parameters.Bits;
        var places = new HashSet<Identifier>();
        while (places.Count < peers)
            places.Add(plan.NextIdentifier(bits));
        foreach (Identifier place in places)
            _ring.AddPeer(place);
        IdealRing.Place(_ring, [.. _ring.Peers.Take(plan.Between(_peersMin, peers))]);
        _storage.Attach(_ring);
        _end = TimeSpan.FromSeconds(plan.Between(20, 40));
    }

    public static StorageOutcome Run(Seed seed, StorageMutation mutation = StorageMutation.None) => new StorageRun(seed, mutation).Run();

    private StorageOutcome Run()
    {
        ScheduleFault(_faults.Exponential(TimeSpan.FromSeconds(2)));
        if (!_gentle && _faults.Happens(0.3))
            // At the very end nothing is written any more that would hide what was lost.
            _ring.At(_faults.Happens(0.5) ? _end - TimeSpan.FromMilliseconds(1) : _faults.Uniform(TimeSpan.FromSeconds(5), _end), LosePower);
        for (int client = 0; client < 4; client++)
            ScheduleWork();
        while (_ring.Now < _end)
        {
            _ring.RunFor(Slice);
            // A replica's word about what it lost may itself be lost; the next regular check finds out.
            if (IsWhole() is null && _ring.Now - _damagedAt > RegularCheck)
                _diedSinceWhole = 0;
        }
        foreach (SimulatedPeer peer in _ring.Peers)
            _ring.Resume(peer);
        TimeSpan repairFrom = _ring.Now;
        string? unrepaired = "not looked at";
        while (unrepaired is not null && _ring.Now - repairFrom < RepairMax)
        {
            _ring.RunFor(Slice);
            unrepaired = IsWhole() ?? StrayLeft();
        }
        TimeSpan repair = _ring.Now - repairFrom;
        ReadAll();
        Anomaly? anomaly = FirstAnomaly();
        return new StorageOutcome
        {
            Seed = _ring.Options.Seed,
            Anomaly = anomaly,
            Unrepaired = unrepaired,
            Acknowledged = _history.Acknowledged,
            Refused = _refused,
            Reads = _history.Reads,
            QuietReads = _reads.Count(read => read.Quiet),
            StaleInTurmoil = _staleInTurmoil,
            Faults = _faultsDone,
            Copied = _storage.Copied,
            Dropped = _storage.Dropped,
            Repair = repair,
            Hash = _ring.Hash,
        };
    }

    /// <summary>Null when every peer is in the ideal ring, has settled and agrees with its replicas; else who does not.</summary>
    private string? IsWhole()
    {
        if (!_ring.Snapshot().IsIdeal || _ring.Peers.Any(peer => peer.IsAlive && peer.State.Phase != MemberPhase.Member))
            return "the ring is not ideal";
        foreach (SimulatedPeer peer in _ring.Peers.Where(peer => peer.IsAlive))
        {
            if (!_storage.StateOf(peer).Replicated)
                return $"peer {peer.Self.Id} has unheard [{string.Join(' ', _storage.StateOf(peer).Unheard)}] and lagging [{string.Join(' ', _storage.StateOf(peer).Lagging)}]";
        }
        return null;
    }

    /// <summary>Each object at its owner and the next peers, and nowhere else.</summary>
    private string? StrayLeft()
    {
        SimulatedPeer[] members = [.. _ring.Peers.Where(peer => peer.IsAlive).OrderBy(peer => peer.Self.Id)];
        foreach (Identifier id in members.SelectMany(peer => _storage.StateOf(peer).Index.All).Select(entry => entry.Id).Distinct())
        {
            Identifier place = ObjectPlace.Of(id, _ring.Parameters.Bits);
            int owner = Array.FindIndex(members, peer => peer.Self.Id >= place) is var index && index >= 0 ? index : 0;
            for (int i = 0; i < members.Length; i++)
            {
                bool holds = _storage.StateOf(members[i]).Index.VersionOf(id) is not null;
                bool should = (i - owner + members.Length) % members.Length < _storage.Options.Copies;
                if (holds != should)
                    return $"object {id} is {(holds ? "still" : "not")} at peer {members[i].Self.Id}, {i - owner} behind its owner";
            }
        }
        return null;
    }

    private void ScheduleFault(TimeSpan delay) => _ring.After(delay, () =>
    {
        if (_ring.Now >= _end)
            return;
        if (Fault())
            _faultsDone++;
        ScheduleFault(_faults.Exponential(TimeSpan.FromSeconds(1.5)));
    });

    private bool Fault()
    {
        SimulatedPeer peer = _ring.Peers[_faults.Next(_ring.Peers.Count)];
        if (_gentle)
            return GentleFault(peer);
        int kind = _faults.Next(100);
        TimeSpan lasting = TimeSpan.FromMilliseconds(_faults.Between(50, 3000));
        if (!peer.IsAlive)
            return Join(peer);
        int members = _ring.Peers.Count(other => other.IsLiveMember);
        switch (kind)
        {
            case < 25 when MayDie(peer, members):
                _diedSinceWhole++;
                // A disk that is lost with its peer counts like any other death.
                _ring.Crash(peer, diskSurvives: _faults.Happens(0.8));
                return true;
            case < 45 when MayDie(peer, members):
                _diedSinceWhole++;
                _ring.Crash(peer);
                _ring.After(lasting, () => Join(peer));
                return true;
            case < 65 when members > _peersMin && peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0:
                // Until its copies have been made again elsewhere, one that has left counts like one that died.
                _diedSinceWhole++;
                _ring.Leave(peer);
                return true;
            case < 80 when peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0:
                _diedSinceWhole++;
                peer.Pause();
                _ring.After(lasting, () => _ring.Resume(peer));
                return true;
            case < 85 when _diedSinceWhole == 0:
                _diedSinceWhole++;
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
        if (_changing && IsWhole() is not null)
            return false;
        if (peer.IsAlive && (_ring.Peers.Count(other => other.IsLiveMember) <= _peersMin || !peer.State.IsMember))
            return false;
        _changing = true;
        if (!peer.IsAlive)
            return Join(peer);
        _ring.Leave(peer);
        return true;
    }

    private bool MayDie(SimulatedPeer peer, int members) => members > _peersMin && peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0;

    /// <summary>All processes die at the same moment, and start again: what was acknowledged is on disk.</summary>
    private void LosePower()
    {
        SimulatedPeer[] running = [.. _ring.Peers.Where(peer => peer.IsAlive)];
        foreach (SimulatedPeer peer in running)
            _ring.Crash(peer);
        _faultsDone++;
        _diedSinceWhole++;
        _ring.Start(running[0]);
        foreach (SimulatedPeer peer in running.Skip(1))
            _ring.Start(peer, running[0].Host, running[1].Host);
    }

    private bool Join(SimulatedPeer peer)
    {
        int[] targets = [.. _ring.Peers.Where(other => other.IsLiveMember).Select(other => other.Host).Take(3)];
        if (peer.IsAlive || targets.Length == 0)
            return false;
        _ring.Start(peer, targets);
        return true;
    }

    private void ScheduleWork() => _ring.After(_work.Exponential(TimeSpan.FromMilliseconds(120)), () =>
    {
        if (_ring.Now >= _end)
            return;
        SimulatedPeer through = _ring.Peers[_work.Next(_ring.Peers.Count)];
        if (through is { IsLiveMember: true, IsPaused: false })
            Work(through, $"key-{_work.Next(Keys)}");
        ScheduleWork();
    });

    private void Work(SimulatedPeer through, string key)
    {
        TimeSpan began = _ring.Now;
        int kind = _work.Next(10);
        if (kind < 5)
        {
            Read(through, key);
            return;
        }
        ulong? written = kind == 9 ? null : _nextValue++;
        var write = (key, written, began);
        _open.Add(write);
        _storage.Put(through, key, written, acknowledged =>
        {
            if (!acknowledged)
            {
                _refused++;
                return;
            }
            _open.Remove(write);
            _history.Wrote(key, written, began, _ring.Now);
        });
    }

    /// <summary>Nothing is under way: every object is at its owner and the next peers, and nowhere else.</summary>
    private bool IsQuiet() => IsWhole() is null && StrayLeft() is null;

    private void Read(SimulatedPeer through, string key)
    {
        TimeSpan began = _ring.Now;
        int faults = _faultsDone;
        bool quiet = IsQuiet();
        _storage.Get(through, key, (done, value) =>
        {
            if (done)
                _reads.Add(new SeenValue(key, value, began, _ring.Now, quiet && faults == _faultsDone && IsQuiet()));
        });
    }

    private void ReadAll()
    {
        foreach (SimulatedPeer through in _ring.Peers.Where(peer => peer.IsLiveMember))
        {
            for (int i = 0; i < Keys; i++)
            {
                Read(through, $"key-{i}");
            }
        }
        _ring.RunFor(_storage.Options.RequestTimeout * 2);
    }

    private Anomaly? FirstAnomaly()
    {
        foreach ((string key, ulong? value, TimeSpan began) in _open)
            _history.Wrote(key, value, began, acknowledged: null);
        foreach (SeenValue read in _reads)
        {
            if (_history.Explain(read.Key, read.Value, read.Began, read.Ended) is not { } anomaly)
                continue;
            // While peers come and go two of them may believe for a moment that they own the same arc.
            if (_gentle || read.Quiet || anomaly.Kind == AnomalyKind.NeverWritten)
                return anomaly;
            _staleInTurmoil++;
        }
        return null;
    }

    /// <summary>What a read returned, and whether no membership change was under way from its beginning to its end.</summary>
    private readonly record struct SeenValue(string Key, ulong? Value, TimeSpan Began, TimeSpan Ended, bool Quiet);
}
