using System.Diagnostics.Metrics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>What a peer holds, and how repair gets on, as metrics.</summary>
internal sealed class StorageTelemetry : IDisposable
{
    private readonly Meter _meter = new(PeerTelemetry.SourceName);
    private readonly ObjectStore _store;
    private readonly ReplicationLoop _replication;
    private readonly Counter<long> _copies;
    private readonly Counter<long> _copiedBytes;
    private readonly Counter<long> _writes;
    private long _pushed;

    public StorageTelemetry(ObjectStore store, ReplicationLoop replication)
    {
        (_store, _replication) = (store, replication);
        _copies = _meter.CreateCounter<long>("chord.repair.copies", "{object}", "Copies made by repair, in either direction.");
        _copiedBytes = _meter.CreateCounter<long>("chord.repair.bytes", "By", "Bytes of content copied by repair, in either direction.");
        _writes = _meter.CreateCounter<long>("chord.object.writes", "{write}", "Writes acknowledged by this peer as owner: with all copies, or without some.");
        _meter.CreateObservableGauge("chord.objects.held", () => store.Objects, "{object}", "Copies held by this peer.");
        _meter.CreateObservableGauge("chord.objects.bytes", () => store.Index.Bytes, "By", "Bytes of content held by this peer.");
        _meter.CreateObservableGauge("chord.objects.owned", () => Now.Owned, "{object}", "Copies held on the arc that this peer owns, tombstones among them.");
        _meter.CreateObservableGauge("chord.objects.under_replicated", () => replication.State.CopiesMissing, "{object}", "Copies known to be missing, here or at a replica.");
        _meter.CreateObservableGauge("chord.replicas.lagging", () => replication.State.Lagging.Length, "{peer}", "Replicas that may lack something of what this peer owns.");
        _meter.CreateObservableGauge("chord.store.disk_bytes", () => store.BytesOnDisk, "By", "Bytes taken on disk, as the quota counts them.");
        _meter.CreateObservableGauge("chord.store.uploads", () => store.Incoming, "{upload}", "Uploads under way.");
        _meter.CreateObservableCounter("chord.scrub.objects", () => store.Scrub.Objects, "{object}", "Objects verified by the scrub.");
        _meter.CreateObservableCounter("chord.scrub.bytes", () => store.Scrub.Bytes, "By", "Bytes verified by the scrub.");
        _meter.CreateObservableCounter("chord.objects.damaged", () => store.DamagedObjects, "{object}", "Damaged copies set aside.");
    }

    /// <summary>Copies given to other peers since the start.</summary>
    public long Pushed => Interlocked.Read(ref _pushed);

    public HeldObjects Now
    {
        get
        {
            ReplicationState state = _replication.State;
            return new HeldObjects(_store.Objects, _store.Index.Bytes, state.Own is { } own ? _store.Index.DigestOf(own).Count : 0, _replication.Replicated);
        }
    }

    public void CountCopy(long bytes, bool fetched)
    {
        if (!fetched)
            Interlocked.Increment(ref _pushed);
        var direction = new KeyValuePair<string, object?>("direction", fetched ? "in" : "out");
        _copies.Add(1, direction);
        _copiedBytes.Add(bytes, direction);
    }

    public void CountWrite(bool allCopies) => _writes.Add(1, new KeyValuePair<string, object?>("copies", allCopies ? "all" : "majority"));

    public void Dispose() => _meter.Dispose();
}
