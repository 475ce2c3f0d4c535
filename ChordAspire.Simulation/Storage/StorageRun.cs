using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What came of one run with objects.</summary>
/// <param name="Anomaly">The first read that broke a promise; null: none did.</param>
/// <param name="Unrepaired">What was not as it should be when all had had time to repair; null: nothing.</param>
public sealed record StorageOutcome(Seed Seed, Anomaly? Anomaly, string? Unrepaired, int Acknowledged, int Refused, int Reads, int Faults, long Copied, long Dropped, TimeSpan Repair, ulong Hash)
{
    public bool Held => Anomaly is null && Unrepaired is null;
}

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
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    private readonly SimulatedRing _ring;
    private readonly SimulatedStorage _storage;
    private readonly Chance _faults;
    private readonly Chance _work;
    private readonly History _history = new();
    private readonly List<(string Key, ulong? Value, TimeSpan Began, TimeSpan Ended)> _reads = [];
    private readonly List<(string Key, ulong? Value, TimeSpan Began)> _open = [];
    private readonly TimeSpan _end;
    private readonly int _peersMin;
    private ulong _nextValue = 1;
    private int _refused, _faultsDone, _diedSinceWhole;

    private StorageRun(Seed seed, StorageMutation mutation)
    {
        _faults = seed.For(ChanceUse.Faults);
        _work = seed.For(ChanceUse.Workload);
        Chance plan = seed.For(ChanceUse.Plan);
        int length = plan.Between(3, 4);
        int peers = plan.Between(length + 3, 12);
        _storage = new SimulatedStorage(new StorageOptions { Copies = plan.Between(2, 3), DiskFull = plan.Happens(0.2) ? 0.02 : 0, Mutation = mutation });
        _peersMin = length + 2;
        _ring = new SimulatedRing(new RingOptions
        {
            Seed = seed,
            Parameters = new ChordParameters(plan.Happens(0.5) ? 160 : 8, length),
            Network = new NetworkOptions
            {
                Latency = new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(plan.Between(5, 80))),
                Loss = plan.Happens(0.3) ? 0.005 : 0,
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
        for (int client = 0; client < 4; client++)
            ScheduleWork();
        while (_ring.Now < _end)
        {
            _ring.RunFor(Slice);
            if (IsWhole() is null)
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
        return new StorageOutcome(
            _ring.Options.Seed, FirstAnomaly(), unrepaired, _history.Acknowledged, _refused, _history.Reads, _faultsDone, _storage.Copied, _storage.Dropped, repair, _ring.Hash);
    }

    /// <summary>Null when every peer is in the ideal ring, has settled and agrees with its replicas; else who does not.</summary>
    private string? IsWhole()
    {
        if (!_ring.Snapshot().IsIdeal)
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
        foreach (Identifier id in members.SelectMany(peer => _storage.StateOf(peer).Index.On(Everything)).Select(entry => entry.Id).Distinct())
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

    private static Arc Everything { get; } = new(Identifier.FromUInt64(160, 0), Identifier.FromUInt64(160, 0));

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
                _ring.Leave(peer);
                return true;
            case < 80 when peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0:
                _diedSinceWhole++;
                peer.Pause();
                _ring.After(lasting, () => _ring.Resume(peer));
                return true;
            case < 85 when _diedSinceWhole == 0:
                _diedSinceWhole++;
                _storage.Damage(peer);
                return true;
            default:
                return false;
        }
    }

    private bool MayDie(SimulatedPeer peer, int members) => members > _peersMin && peer is { IsLiveMember: true, IsPaused: false } && _diedSinceWhole == 0;

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
            _storage.Get(through, key, (done, value) =>
            {
                if (done)
                    _reads.Add((key, value, began, _ring.Now));
            });
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

    private void ReadAll()
    {
        foreach (SimulatedPeer through in _ring.Peers.Where(peer => peer.IsLiveMember))
        {
            for (int i = 0; i < Keys; i++)
            {
                string key = $"key-{i}";
                TimeSpan began = _ring.Now;
                _storage.Get(through, key, (done, value) =>
                {
                    if (done)
                        _reads.Add((key, value, began, _ring.Now));
                });
            }
        }
        _ring.RunFor(_storage.Options.RequestTimeout * 2);
    }

    private Anomaly? FirstAnomaly()
    {
        foreach ((string key, ulong? value, TimeSpan began) in _open)
            _history.Wrote(key, value, began, acknowledged: null);
        Anomaly? first = null;
        foreach ((string key, ulong? value, TimeSpan began, TimeSpan ended) in _reads)
            first ??= _history.Explain(key, value, began, ended);
        return first;
    }
}
