namespace ChordAspire.Simulation;

/// <summary>Clients that write, read and delete a few keys without a pause, and remember what they did and saw.</summary>
/// <param name="end">When they stop.</param>
/// <param name="gentle">Whether every read is held to the promise, and not only those in a quiet ring.</param>
internal sealed class StorageClients(
    SimulatedRing ring, SimulatedStorage storage, StoragePlacement placement, StorageFaults faults, Chance chance, TimeSpan end, bool gentle)
{
    private const int Keys = 12;
    private const int Clients = 4;

    private readonly List<SeenValue> _reads = [];
    private readonly List<(string Key, ulong? Value, TimeSpan Began)> _open = [];
    private ulong _nextValue = 1;

    public History History { get; } = new(2 * storage.Options.ClockError);

    /// <summary>Writes that were not acknowledged within their time.</summary>
    public int Refused { get; private set; }

    public int QuietReads => _reads.Count(read => read.Quiet);

    public int StaleInTurmoil { get; private set; }

    public int StaleWhileCut { get; private set; }

    public void Begin()
    {
        for (int client = 0; client < Clients; client++)
            Schedule();
    }

    private void Schedule() => ring.After(chance.Exponential(TimeSpan.FromMilliseconds(120)), () =>
    {
        if (ring.Now >= end)
            return;
        SimulatedPeer through = ring.Peers[chance.Next(ring.Peers.Count)];
        if (through is { IsLiveMember: true, IsPaused: false })
            Work(through, $"key-{chance.Next(Keys)}");
        Schedule();
    });

    private void Work(SimulatedPeer through, string key)
    {
        TimeSpan began = ring.Now;
        int kind = chance.Next(10);
        if (kind < 5)
        {
            Read(through, key);
            return;
        }
        ulong? written = kind == 9 ? null : _nextValue++;
        var write = (key, written, began);
        _open.Add(write);
        storage.Put(through, key, written, acknowledged =>
        {
            if (!acknowledged)
            {
                Refused++;
                return;
            }
            _open.Remove(write);
            History.Wrote(key, written, began, ring.Now);
        });
    }

    private void Read(SimulatedPeer through, string key)
    {
        TimeSpan began = ring.Now;
        int faultsBefore = faults.Done;
        bool quiet = IsQuiet();
        bool cut = faults.Cuts.CutSinceWhole;
        storage.Get(through, key, (done, value) =>
        {
            if (done)
                _reads.Add(new SeenValue(key, value, began, ring.Now, quiet && faultsBefore == faults.Done && IsQuiet(), cut || faults.Cuts.CutSinceWhole));
        });
    }

    /// <summary>While peers are away with all copies of something, the others may be at rest and know nothing of it.</summary>
    private bool IsQuiet() => !faults.Losses.SomeAway && placement.IsQuiet();

    /// <summary>Reads every key through every peer.</summary>
    /// <returns>How many reads got no answer.</returns>
    public int ReadAll()
    {
        int before = _reads.Count, asked = 0;
        foreach (SimulatedPeer through in ring.Peers.Where(peer => peer.IsLiveMember))
        {
            for (int i = 0; i < Keys; i++, asked++)
                Read(through, $"key-{i}");
        }
        ring.RunFor(storage.Options.RequestTimeout * 2);
        return asked - (_reads.Count - before);
    }

    /// <summary>The first read that broke a promise, when all is over; null: none did.</summary>
    public Anomaly? FirstAnomaly()
    {
        foreach ((string key, ulong? value, TimeSpan began) in _open)
            History.Wrote(key, value, began, acknowledged: null);
        foreach (SeenValue read in _reads)
        {
            if (History.Explain(read.Key, read.Value, read.Began, read.Ended) is not { } anomaly)
                continue;
            // While peers come and go two of them may believe for a moment that they own the same arc.
            if (gentle || read.Quiet || anomaly.Kind == AnomalyKind.NeverWritten)
                return anomaly;
            StaleInTurmoil += read.Cut ? 0 : 1;
            StaleWhileCut += read.Cut ? 1 : 0;
        }
        return null;
    }

    /// <summary>What a read returned, and whether no membership change was under way from its beginning to its end.</summary>
    private readonly record struct SeenValue(string Key, ulong? Value, TimeSpan Began, TimeSpan Ended, bool Quiet, bool Cut);
}
