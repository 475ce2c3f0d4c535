using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>One peer of a simulated ring: a host, the process on it that may die and start again, and the state of the protocol in it.</summary>
public sealed class SimulatedPeer
{
    private Dictionary<int, RoundTripEstimate>? _roundTrips;

    internal SimulatedPeer(int host, PeerRef self, ChordParameters parameters, Seed seed)
    {
        Host = host;
        Self = self;
        State = PeerState.Create(self, parameters);
        Timers = seed.For(ChanceUse.Timers, host);
        Network = seed.For(ChanceUse.Network, host);
    }

    /// <summary>Its index in the run: the order in which peers were added.</summary>
    public int Host { get; }

    public PeerRef Self { get; }

    public PeerState State { get; internal set; }

    /// <summary>Whether its process runs.</summary>
    public bool IsAlive { get; internal set; }

    /// <summary>How often it was started: each restart is another life.</summary>
    public int Life { get; internal set; }

    /// <summary>Whether its process is suspended: it does nothing, and what comes for it waits.</summary>
    public bool IsPaused { get; internal set; }

    /// <summary>How fast its clock runs: 1.02 gains two seconds on a hundred. Timers and timeouts follow it.</summary>
    public double ClockRate { get; set; } = 1;

    /// <summary>Whether it runs and answers for a place on the ring.</summary>
    public bool IsLiveMember => IsAlive && State.IsMember;

    /// <summary>When it last became a member.</summary>
    public TimeSpan MemberSince { get; internal set; }

    /// <summary>Its process, where it is a seed peer; it has no state of our protocol then.</summary>
    internal SeedProcess? Seed { get; set; }

    /// <summary>Its calls in a ring with seed peers.</summary>
    internal MixedCalls? Calls { get; set; }

    /// <summary>Calls in the seed's contract that it is serving.</summary>
    internal List<SeedCall> Open { get; } = [];

    /// <summary>Farewells under way.</summary>
    internal List<Task> Goodbyes { get; } = [];

    internal Chance Timers { get; }

    internal Chance Network { get; }

    internal RingEntry Entry { get; } = new();

    /// <summary>Fingers still to be looked up in this round.</summary>
    internal int FingersLeft { get; set; }

    /// <summary>What came while it was suspended, oldest first.</summary>
    internal List<Scheduled> Waiting { get; } = [];

    /// <summary>The answer about neighbours that is on its way to it, be it "no member": in Zave's proof it has arrived when it was given.</summary>
    internal Call? AnswerUnderWay { get; set; }

    /// <summary>Suspends its process: whoever asks it waits, until <see cref="SimulatedRing.Resume"/>.</summary>
    public void Pause() => IsPaused = IsAlive;

    internal long LocalTicks(TimeSpan time) => ClockRate == 1 ? time.Ticks : (long)(time.Ticks / ClockRate);

    internal TimeSpan TimeoutOf(int host, PeerTimings timings) =>
        timings.CallTimeoutMin == timings.CallTimeoutMax
            ? timings.CallTimeoutMax
            : (_roundTrips?.GetValueOrDefault(host) ?? default).Timeout(timings.CallTimeoutMin, timings.CallTimeoutMax);

    internal void CountRoundTrip(int host, TimeSpan roundTrip)
    {
        _roundTrips ??= [];
        ref RoundTripEstimate estimate = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_roundTrips, host, out _);
        estimate = estimate.With(roundTrip);
    }

    /// <summary>Begins a life: nothing is remembered of a former one.</summary>
    internal void Begin(PeerState state)
    {
        Life++;
        IsAlive = true;
        IsPaused = false;
        State = state;
        _roundTrips = null;
        Waiting.Clear();
        AnswerUnderWay = null;
        Calls = null;
        Open.Clear();
        Goodbyes.Clear();
        Entry.Reset();
    }

    internal void End()
    {
        IsAlive = false;
        IsPaused = false;
        Waiting.Clear();
        AnswerUnderWay = null;
    }

    public override string ToString() => $"{Self} ({(IsAlive ? Seed is not null ? "seed" : State.Phase.ToString().ToLowerInvariant() : "dead")})";
}
