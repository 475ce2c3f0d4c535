using System.Diagnostics;
using System.Diagnostics.Metrics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Spans and metrics of a peer. A lookup is one trace: <c>chord.lookup</c>, and a <c>chord.hop</c> for each peer asked.</summary>
internal sealed class PeerTelemetry : IDisposable
{
    public const string SourceName = "ChordAspire.Peer";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Meter _meter = new(SourceName);
    private readonly Histogram<int> _hops;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failed;
    private long _lookups;
    private long _ticks;

    public PeerTelemetry(PeerLoop loop)
    {
        _hops = _meter.CreateHistogram<int>("chord.lookup.hops", "{hop}", "Peers asked per lookup, the owner included.");
        _duration = _meter.CreateHistogram<double>("chord.lookup.duration", "s", "Duration of a lookup.");
        _failed = _meter.CreateCounter<long>("chord.lookup.failed", "{lookup}", "Lookups that found no owner.");
        Rounds = _meter.CreateCounter<long>("chord.stabilize.rounds", "{round}", "Stabilize rounds done.");
        RoundsTakenBack = _meter.CreateCounter<long>("chord.stabilize.taken_back", "{round}", "Stabilize rounds taken back because a neighbour read this peer in their middle.");
        SuccessorChanges = _meter.CreateCounter<long>("chord.successor.changes", "{change}", "Changes of the first successor.");
        Dropped = _meter.CreateCounter<long>("chord.peer.suspected", "{peer}", "Neighbours found silent and dropped.");
        MonitorsTripped = _meter.CreateCounter<long>("chord.monitor.tripped", "{violation}", "Violations seen by the local monitors; must stay 0.");
        _meter.CreateObservableGauge("chord.ring.phase", () => (int)loop.State.Phase, "{phase}", "0 outside, 1 joining, 2 member, 3 leaving, 4 left.");
        _meter.CreateObservableGauge("chord.ring.ready", () => loop.State.RingReady ? 1 : 0, "{ready}", "1 when the ring has had more than r peers.");
    }

    /// <summary>All lookups so far, for observers. The two numbers may be a lookup apart.</summary>
    public LookupTotals Lookups => new(Interlocked.Read(ref _lookups), new TimeSpan(Interlocked.Read(ref _ticks)));

    public Counter<long> Rounds { get; }

    public Counter<long> RoundsTakenBack { get; }

    public Counter<long> SuccessorChanges { get; }

    public Counter<long> Dropped { get; }

    public Counter<long> MonitorsTripped { get; }

    /// <summary>A span at the top of a client's request; its parent is the caller's span where the caller sent one.</summary>
    public static Activity? StartRequest(string name, ActivityContext caller)
    {
        // The web server's own span is not recorded (it would only repeat this one), so it must not become the parent.
        if (Activity.Current?.Recorded == false)
            Activity.Current = null;
        return Activity.Current is null ? Source.StartActivity(name, ActivityKind.Server, caller) : Source.StartActivity(name);
    }

    public static Activity? StartHop(Identifier key, int hop, PeerRef asked) =>
        Source.StartActivity("chord.hop", ActivityKind.Client)?
            .SetTag("chord.key", key.ToString())
            .SetTag("chord.hop", hop)
            .SetTag("chord.asked", asked.Id.ToString())
            .SetTag("server.address", asked.Address);

    public static Activity? StartStorage(string name, PeerRef owner) =>
        Source.StartActivity(name, ActivityKind.Client)?.SetTag("chord.owner", owner.Id.ToString()).SetTag("server.address", owner.Address);

    /// <summary>A copy on its way to a replica; only within a trace.</summary>
    public static Activity? StartCopy(PeerRef replica) =>
        Activity.Current is { Recorded: true } ? Source.StartActivity("chord.copy", ActivityKind.Client)?.SetTag("chord.replica", replica.Id.ToString()).SetTag("server.address", replica.Address) : null;

    /// <summary>Writes a lookup's outcome to its span and to the metrics.</summary>
    public void Count(Activity? span, LookupOutcome outcome, TimeSpan duration)
    {
        Interlocked.Increment(ref _lookups);
        Interlocked.Add(ref _ticks, duration.Ticks);
        span?.SetTag("chord.hops", outcome.Hops)
            .SetTag("chord.hops_to_predecessor", outcome.HopsToPredecessor)
            .SetTag("chord.unanswered", outcome.Unanswered)
            .SetTag("chord.outcome", outcome.Failure?.ToString() ?? "found")
            .SetTag("chord.owner", outcome.Owner?.Id.ToString());
        _duration.Record(duration.TotalSeconds);
        if (outcome.Failure is { } failure)
        {
            _failed.Add(1);
            span?.SetStatus(ActivityStatusCode.Error, $"The lookup failed: {failure}.");
            return;
        }
        _hops.Record(outcome.Hops);
    }

    public void Dispose() => _meter.Dispose();
}
