using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// A ring of any number of peers on virtual time, in one thread, drawn from one seed. A thin driver around the production machine, as the gRPC host is one:
/// effects become calls, calls take time and may be lost, their outcomes become events.
/// </summary>
/// <example>
/// <code>
/// var ring = new SimulatedRing(new RingOptions { Seed = new Seed(7), Parameters = new ChordParameters(Bits: 6, SuccessorListLength: 2) });
/// IdealRing.Build(ring, peers: 8);
/// ring.Crash(ring.Peers[3]);
/// ring.RunFor(TimeSpan.FromSeconds(10));
/// bool repaired = ring.Snapshot().IsIdeal;
/// </code>
/// </example>
public sealed partial class SimulatedRing
{
    private readonly EventQueue _queue = new();
    private readonly List<SimulatedPeer> _peers = [];
    private readonly ProtocolRules _rules;
    private readonly PeerTimings _timings;
    private readonly IStorageModel _storage;
    private TraceHash _trace = TraceHash.Empty;
    private long _now;

    public SimulatedRing(RingOptions options)
    {
        Options = options;
        _rules = options.Rules;
        Network = options.Network;
        _timings = options.Timings;
        _storage = options.Storage ?? new NothingStored(options.Timings.HandOver);
    }

    public RingOptions Options { get; }

    public ChordParameters Parameters => Options.Parameters;

    /// <summary>Virtual time since the beginning.</summary>
    public TimeSpan Now => new(_now);

    /// <summary>All peers ever added, by host.</summary>
    public IReadOnlyList<SimulatedPeer> Peers => _peers;

    /// <summary>What the network does to messages from here on.</summary>
    public NetworkOptions Network { get; set; }

    /// <summary>Which links are cut or on hold at the moment.</summary>
    public Links Links { get; } = new();

    public Traffic Traffic { get; } = new();

    /// <summary>How often what ought to happen now and then has happened.</summary>
    public Sightings Sightings { get; } = new();

    public IRingObserver? Observer { get; set; }

    /// <summary>Things that have happened: timers, requests and outcomes that arrived, actions.</summary>
    public long EventsDone { get; private set; }

    /// <summary>Stands for everything that has happened so far, in its order. Equal on every machine for equal runs.</summary>
    public ulong Hash => _trace.Value;

    /// <summary>Adds a host with a peer that is not running yet.</summary>
    public SimulatedPeer AddPeer(Identifier id)
    {
        var peer = new SimulatedPeer(_peers.Count, new PeerRef(id, HostNames.Of(_peers.Count)), Parameters, Options.Seed);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Starts a peer in a state of the caller's choice, such as a place in an ideal ring.</summary>
    public void Place(SimulatedPeer peer, PeerState state)
    {
        peer.Begin(state);
        peer.MemberSince = Now;
        StartTimers(peer);
        Observer?.LivenessChanged(peer);
    }

    /// <summary>Starts a peer, or starts it again: it joins through one of the targets, or starts a ring where there is none.</summary>
    public void Start(SimulatedPeer peer, params int[] targets)
    {
        if (peer.IsAlive)
            throw new InvalidOperationException($"{peer} runs already.");
        peer.Begin(PeerState.Create(peer.Self, Parameters));
        StartTimers(peer);
        Observer?.LivenessChanged(peer);
        Enter(peer, targets);
    }

    /// <summary>Ends a peer's process without notice.</summary>
    public void Crash(SimulatedPeer peer, bool diskSurvives = true)
    {
        if (!peer.IsAlive)
            throw new InvalidOperationException($"{peer} is not running.");
        if (_peers.Exists(other => other.IsAlive && other.State.Phase == MemberPhase.Joining))
            Sightings.Count(Sighting.CrashDuringJoin);
        BreakOff(peer);
        peer.End();
        _storage.Died(peer, diskSurvives);
        Observer?.LivenessChanged(peer);
    }

    /// <summary>Lets a peer leave in order.</summary>
    public void Leave(SimulatedPeer peer)
    {
        if (peer.Seed is { } seed)
            Watch(seed.LeaveAsync());
        else
            Handle(peer, new ChordEvent.LeaveRequested());
    }

    /// <summary>Lets a suspended peer go on: what came meanwhile happens now, in its order.</summary>
    public void Resume(SimulatedPeer peer)
    {
        if (!peer.IsPaused)
            return;
        peer.IsPaused = false;
        Scheduled[] waiting = [.. peer.Waiting];
        peer.Waiting.Clear();
        if (waiting.Length > 0)
            Sightings.Count(Sighting.PausedPeerCaughtUp);
        foreach (Scheduled missed in waiting)
        {
            if (IsRequest(missed.What) || (peer.IsAlive && peer.Life == missed.Life))
                Dispatch(in missed);
        }
    }

    /// <summary>Lets all messages on hold go.</summary>
    public void ReleaseHeld()
    {
        Links.ReleaseHeld();
        Call[] held = [.. _held];
        _held.Clear();
        foreach (Call call in held)
            _queue.Add(_now + LatencyOf(call.Asker, call.TargetHost), Happening.Request, _peers[call.TargetHost], call);
    }

    /// <summary>Does something at this moment, or as soon as possible where it has passed.</summary>
    public void At(TimeSpan moment, Action action) => _queue.Add(Math.Max(moment.Ticks, _now), Happening.Act, peer: null, action);

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs everything that happens until then.</summary>
    public void RunUntil(TimeSpan moment)
    {
        while (_queue.NextAt <= moment.Ticks)
            Step();
        _now = Math.Max(_now, moment.Ticks);
    }

    /// <summary>When the next thing happens; <see cref="TimeSpan.MaxValue"/> when nothing ever will.</summary>
    public TimeSpan NextAt => new(_queue.NextAt);

    public void RunFor(TimeSpan duration) => RunUntil(Now + duration);

    /// <summary>The next thing happens. False: nothing will ever happen again.</summary>
    public bool Step()
    {
        if (_queue.Count == 0)
            return false;
        Scheduled next = _queue.Take();
        _now = next.At;
        EventsDone++;
        if (next.Peer is null || IsRequest(next.What) || (next.Peer.IsAlive && next.Peer.Life == next.Life))
            Dispatch(in next);
        return true;
    }

    /// <summary>The ring as an observer sees it at this moment.</summary>
    public RingSnapshot Snapshot() => new(_peers.Where(peer => peer is { IsAlive: true, Seed: null }).Select(peer => PeerView.Of(peer.State)), Parameters.SuccessorListLength);

    private static bool IsRequest(Happening what) => what is Happening.Request or Happening.SeedRequest;

    private void Dispatch(in Scheduled next)
    {
        if (!_isMixed)
        {
            Happen(in next);
            return;
        }
        // Where there is a context to go back to, what waits would go on in a thread of the pool.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Happen(in next);
        SynchronizationContext.SetSynchronizationContext(context);
        _broke?.Throw();
    }

    private void Happen(in Scheduled next)
    {
        _trace.Add(next.At, ((long)next.What << 32) | (uint)(next.Peer?.Host ?? -1));
        if (next.Peer is { IsPaused: true } paused && (!IsRequest(next.What) || paused.IsAlive))
        {
            paused.Waiting.Add(next);
            if (next is { What: Happening.Request, Payload: Call unheard })
                Silence(unheard);
            return;
        }
        switch (next.What)
        {
            case Happening.Act:
                ((Action)next.Payload!)();
                break;
            case Happening.StabilizeTimer:
                RingStabilizeTimer(next.Peer!);
                break;
            case Happening.FixFingersTimer:
                RingFixFingersTimer(next.Peer!);
                break;
            case Happening.Request:
                Arrive((Call)next.Payload!);
                break;
            case Happening.Outcome:
                Conclude((Call)next.Payload!);
                break;
            case Happening.LookupRetry:
                RetryLookup((LookupRun)next.Payload!);
                break;
            case Happening.LookupEnded:
                End((LookupRun)next.Payload!);
                break;
            case Happening.Entry:
                GoOnEntering(next.Peer!, (int)next.Payload!);
                break;
            case Happening.HandedOver:
                GoOnHandingOver(next.Peer!);
                break;
            case Happening.SeedRequest:
                Arrive((SeedCall)next.Payload!);
                break;
            case Happening.GoingOn:
                ((Action)next.Payload!)();
                break;
        }
    }
}
