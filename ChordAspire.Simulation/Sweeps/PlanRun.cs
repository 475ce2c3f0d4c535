using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Runs one plan in two phases: first faults, while the invariant is checked after every event; then none, and the ring must become ideal within a bound.</summary>
public sealed class PlanRun
{
    /// <summary>
    /// Rounds of everybody within which the ring is ideal once faults have stopped and everybody has joined, for this many peers and r. Each round brings every
    /// peer at least one place nearer to its true successor; then the ends of the lists become right, r - 1 rounds later. A round taken back is none, but while
    /// one peer takes its rounds back those behind it learn nothing new: hence twice the sum.
    /// </summary>
    public static int RoundsMax(int peers, int successorListLength) => 2 * (peers + successorListLength);

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay between two tries at joining, and the tries themselves, some times over.</summary>
    private static readonly TimeSpan JoinsMax = TimeSpan.FromSeconds(90);

    private readonly RunPlan _plan;
    private readonly CancellationToken _cancellation;
    private readonly SimulatedRing _ring;
    private readonly RingMonitor _monitor;
    private readonly FaultInjector _injector;
    private readonly Chance _workload;
    private int _rounds;
    private (int Ended, int Failed, int Off) _lookups;

    private PlanRun(RunPlan plan, RunRules rules)
    {
        _plan = plan;
        _cancellation = rules.Cancellation;
        var leaving = new LeavingByContract(plan.Timings.HandOver);
        _ring = new SimulatedRing(new RingOptions
        {
            Seed = plan.Seed,
            Parameters = plan.Parameters,
            Network = plan.Network,
            Timings = plan.Timings,
            Rules = rules.Rules,
            Storage = leaving,
        });
        _monitor = new RingMonitor(_ring, new FailureContract(_ring, rules.ContractCountsPrincipals), rules.Counts) { Next = rules.Observer?.Invoke(_ring) };
        _injector = new FaultInjector(_ring, plan, _monitor);
        leaving.Injector = _injector;
        _workload = plan.Seed.For(ChanceUse.Workload);
    }

    public static RunOutcome Run(Seed seed) => Run(PlanDrawer.Draw(seed), RunRules.Production);

    /// <exception cref="OperationCanceledException"><see cref="RunRules.Cancellation"/> was asked for.</exception>
    public static RunOutcome Run(RunPlan plan, RunRules rules)
    {
        var run = new PlanRun(plan, rules);
        bool becameIdeal = run.Run();
        Violation? violation = run._monitor.Violation;
        return new RunOutcome
        {
            Plan = plan,
            Verdict = violation is not null ? RunVerdict.Violated : run._monitor.Breach is not null ? RunVerdict.OutOfContract : RunVerdict.Held,
            Violation = violation,
            Breach = run._monitor.Breach,
            Hash = run._ring.Hash,
            Events = run._ring.EventsDone,
            Checks = run._monitor.Checks,
            BecameIdeal = becameIdeal,
            RoundsToIdeal = run._rounds,
            Sightings = run._ring.Sightings,
            Faults = run._injector.Done,
            LookupsUnderFaults = run._lookups,
        };
    }

    private bool Run()
    {
        try
        {
            Begin();
            if (!RunTo(_plan.FaultsEnd))
                return false;
            _injector.Stop();
            return Recover();
        }
        catch (Exception broke) when (broke is not OutOfMemoryException && !(broke is OperationCanceledException && _cancellation.IsCancellationRequested))
        {
            // Whatever the rules do in whatever state belongs to the seed that brought it about.
            _monitor.Blame(ViolationKind.RulesBroke, peer: null, $"{broke.GetType().Name}: {broke.Message}");
            return false;
        }
    }

    private void Begin()
    {
        foreach (Identifier id in _plan.Peers)
            _ring.AddPeer(id);
        for (int host = 0; host < _plan.ClockRates.Length; host++)
            _ring.Peers[host].ClockRate = _plan.ClockRates[host];
        if (_plan.PeersAtStart == 1)
            _ring.Start(_ring.Peers[0]);
        else
            IdealRing.Place(_ring, [.. _ring.Peers.Take(_plan.PeersAtStart)]);
        _injector.Schedule();
        if (_plan.LookupEvery is { } mean)
            ScheduleLookup(mean);
    }

    private bool RunTo(TimeSpan moment)
    {
        while (_monitor.Violation is null && _ring.NextAt <= moment)
        {
            _cancellation.ThrowIfCancellationRequested();
            _ring.Step();
        }
        return _monitor.Violation is null;
    }

    private bool Recover()
    {
        TimeSpan joinsEnd = _ring.Now + JoinsMax;
        while (!_ring.Peers.All(peer => !peer.IsAlive || peer.State.IsMember) && _ring.Now < joinsEnd)
        {
            if (!RunSlice())
                return false;
        }
        _monitor.Rounds.Restart();
        int roundsMax = RoundsMax(_plan.Peers.Length, _plan.Parameters.SuccessorListLength);
        while (!_monitor.IsIdeal)
        {
            if (!RunSlice())
                return false;
            _rounds = _monitor.Rounds.Fewest(_ring.Peers);
            if (_rounds > roundsMax || _ring.Now > joinsEnd + JoinsMax)
            {
                _monitor.Blame(ViolationKind.NotIdealInTime, peer: null, $"Not ideal {_rounds} rounds after the last fault; the bound is {roundsMax}.");
                return false;
            }
        }
        return LookupsAreRight();
    }

    private bool RunSlice()
    {
        TimeSpan end = _ring.Now + Slice;
        bool fine = RunTo(end);
        _ring.RunUntil(_ring.Now < end && fine ? end : _ring.Now);
        return fine;
    }

    /// <summary>In an ideal, quiet ring each lookup must name the owner.</summary>
    private bool LookupsAreRight()
    {
        int waiting = 0;
        foreach (SimulatedPeer asker in _ring.Peers.Where(peer => peer.IsLiveMember))
        {
            waiting++;
            _ring.LookUp(asker, _workload.NextIdentifier(_plan.Parameters.Bits), run =>
            {
                waiting--;
                if (run.Outcome!.Owner != OracleOf(run.Key))
                    _monitor.Blame(ViolationKind.WrongOwner, asker.Self, $"{asker.Self} looked up {run.Key} and found {run.Outcome}, not {OracleOf(run.Key)}.");
            });
        }
        TimeSpan end = _ring.Now + (2 * _plan.Timings.RequestTimeout);
        while (waiting > 0 && _ring.Now < end)
        {
            if (!RunSlice())
                return false;
        }
        if (waiting > 0)
            _monitor.Blame(ViolationKind.WrongOwner, peer: null, $"{waiting} lookups never ended.");
        return _monitor.Violation is null;
    }

    private void ScheduleLookup(TimeSpan mean) => _ring.After(_workload.Exponential(mean), () =>
    {
        if (_ring.Now >= _plan.FaultsEnd)
            return;
        SimulatedPeer asker = _ring.Peers[_workload.Next(_ring.Peers.Count)];
        Identifier key = _workload.NextIdentifier(_plan.Parameters.Bits);
        if (asker is { IsLiveMember: true, IsPaused: false })
        {
            PeerRef? owner = OracleOf(key);
            _ring.LookUp(asker, key, run => Count(run, owner));
        }
        ScheduleLookup(mean);
    });

    private void Count(LookupRun run, PeerRef? ownerAtBeginning)
    {
        _lookups.Ended++;
        if (run.Outcome!.Owner is not { } named)
            _lookups.Failed++;
        else if (named != ownerAtBeginning && named != OracleOf(run.Key))
            _lookups.Off++;
    }

    /// <summary>The living member at or after the key, clockwise.</summary>
    private PeerRef? OracleOf(Identifier key)
    {
        PeerRef? owner = null;
        foreach (SimulatedPeer peer in _ring.Peers)
        {
            if (peer.IsLiveMember && (owner is null || key.DistanceTo(peer.Self.Id) < key.DistanceTo(owner.Id)))
                owner = peer.Self;
        }
        return owner;
    }
}
