using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Clients write, read and delete a few keys as fast as they can, while peers crash, restart, leave, join and stall, all drawn from one seed; then faults stop,
/// the ring repairs itself, and every key is read through every peer.
/// </summary>
/// <remarks>
/// Faults are as hard as what is promised (docs/promises.md), and not harder: between two moments at which every object has all its copies, all
/// peers that hold one may be lost but one, at the same moment or not; peers that come back with their disks may fail in any number that the ring stands.
/// </remarks>
public sealed class StorageRun
{
    private static readonly TimeSpan RepairMax = TimeSpan.FromMinutes(3);
    private static readonly Interval SlowFlush = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(300));
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    private readonly SimulatedRing _ring;
    private readonly SimulatedStorage _storage;
    private readonly StoragePlacement _placement;
    private readonly StorageFaults _faults;
    private readonly StorageClients _clients;
    private readonly TimeSpan _end;

    private StorageRun(Seed seed, StorageMutation mutation)
    {
        Chance plan = seed.For(ChanceUse.Plan);
        int length = plan.Between(3, 4);
        int peers = plan.Between(length + 4, 14);
        _storage = new SimulatedStorage(new StorageOptions
        {
            Copies = plan.Happens(0.5) ? 3 : plan.Between(2, length),
            DiskFull = plan.Happens(0.2) ? 0.02 : 0,
            Flush = plan.Happens(0.3) ? SlowFlush : new StorageOptions().Flush,
            Mutation = mutation,
        });
        int peersMin = length + 2;
        StorageTurmoil turmoil = plan.Next(4) switch { 0 => StorageTurmoil.OneAtATime, 1 => StorageTurmoil.Cuts, _ => StorageTurmoil.Losses };
        bool gentle = turmoil == StorageTurmoil.OneAtATime;
        _ring = new SimulatedRing(new RingOptions
        {
            Seed = seed,
            Parameters = new ChordParameters(plan.Happens(0.5) ? 160 : 8, length),
            Network = new NetworkOptions
            {
                Latency = new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(plan.Between(5, 80))),
                Loss = !gentle && plan.Happens(0.3) ? 0.005 : 0,
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
        IdealRing.Place(_ring, [.. _ring.Peers.Take(plan.Between(peersMin + 1, peers))]);
        _storage.Attach(_ring);
        _end = TimeSpan.FromSeconds(plan.Between(20, 40));
        _placement = new StoragePlacement(_ring, _storage);
        _faults = new StorageFaults(_ring, _storage, _placement, seed.For(ChanceUse.Faults), _end, peersMin, turmoil);
        _clients = new StorageClients(_ring, _storage, _placement, _faults, seed.For(ChanceUse.Workload), _end, gentle);
    }

    public static StorageOutcome Run(Seed seed, StorageMutation mutation = StorageMutation.None) => new StorageRun(seed, mutation).Run();

    private StorageOutcome Run()
    {
        _faults.Begin();
        _clients.Begin();
        while (_ring.Now < _end)
        {
            _ring.RunFor(Slice);
            _faults.TakeStock();
        }
        _faults.End();
        TimeSpan repairFrom = _ring.Now;
        string? unrepaired = "not looked at";
        while (unrepaired is not null && _ring.Now - repairFrom < RepairMax)
        {
            _ring.RunFor(Slice);
            unrepaired = _placement.NotWhole() ?? _placement.Misplaced();
            _faults.TakeStock();
        }
        TimeSpan repair = _ring.Now - repairFrom;
        bool apart = unrepaired is not null && _faults.Cuts.Done > 0 && RingCount.Of(_ring) > 1;
        unrepaired = _faults.Versions.Lost(_ring.Peers.Where(peer => peer.IsAlive).Select(_storage.StateOf)) ?? (apart ? null : unrepaired);
        int unanswered = apart ? 0 : _clients.ReadAll();
        Anomaly? anomaly = _clients.FirstAnomaly();
        return new StorageOutcome
        {
            Seed = _ring.Options.Seed,
            Anomaly = anomaly,
            Unrepaired = unrepaired ?? _faults.FalseClaim ?? (unanswered > 0 ? $"{unanswered} reads of a whole ring got no answer" : null),
            Acknowledged = _clients.History.Acknowledged,
            Refused = _clients.Refused,
            Reads = _clients.History.Reads,
            QuietReads = _clients.QuietReads,
            StaleInTurmoil = _clients.StaleInTurmoil,
            StaleWhileCut = _clients.StaleWhileCut,
            WithFewerCopies = _faults.Versions.WithFewerCopies,
            Faults = _faults.Done,
            LostTogether = _faults.Losses.Together,
            FailedTogether = _faults.Losses.Failed,
            Cuts = _faults.Cuts.Done,
            CutFor = _faults.Cuts.Lasted,
            StayedApart = apart,
            Copied = _storage.Copied,
            Dropped = _storage.Dropped,
            Repair = repair,
            Hash = _ring.Hash,
        };
    }
}
