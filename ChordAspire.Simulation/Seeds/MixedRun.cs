using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Runs one mixed ring in two phases: first faults, while our peers among themselves are checked after every event; then none, and the ring must become
/// ordered, stay so, and answer lookups rightly.
/// </summary>
public sealed class MixedRun
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OrderMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StayFor = TimeSpan.FromSeconds(10);

    private readonly MixedPlan _plan;
    private readonly SimulatedRing _ring;
    private readonly RingMonitor _monitor;
    private readonly MixedFaults _faults;
    private readonly MixedOrder _order;
    private readonly SimulatedPeer[] _hosts;
    private TimeSpan _toOrder;
    private int _lookups;
    private bool _isAnyHidden;
    private bool _hasFormed;

    private MixedRun(MixedPlan plan, MixedRules rules)
    {
        _plan = plan;
        _ring = new SimulatedRing(new RingOptions { Seed = plan.Seed, Parameters = plan.Parameters, Network = plan.Network, SeedCalls = rules.SeedCalls });
        _hosts = [.. plan.Ours.Select(_ring.AddPeer), .. plan.Seeds.Select(seed => _ring.AddSeedPeer(seed.Id, seed.Flaw))];
        _monitor = new RingMonitor(_ring, new FailureContract(_ring), Counts) { Next = rules.Observer?.Invoke(_ring) };
        _faults = new MixedFaults(_ring, plan, _hosts);
        _order = new MixedOrder(_ring);
    }

    public static MixedOutcome Run(Seed seed, int seedPeers) => Run(MixedPlanDrawer.Draw(seed, seedPeers), MixedRules.Production);

    public static MixedOutcome Run(MixedPlan plan, MixedRules rules)
    {
        var run = new MixedRun(plan, rules);
        run.Run();
        run._order.Look();
        Violation? violation = run._monitor.Violation;
        return new MixedOutcome
        {
            Plan = plan,
            Verdict = violation is not null ? RunVerdict.Violated : run._monitor.Breach is not null ? RunVerdict.OutOfContract : RunVerdict.Held,
            Violation = violation,
            Breach = run._monitor.Breach,
            Hash = run._ring.Hash,
            Events = run._ring.EventsDone,
            Checks = run._monitor.Checks,
            TimeToOrder = run._toOrder,
            OurFaults = run._faults.Ours,
            SeedFaults = run._faults.Seeds,
            Reported = [.. run._ring.SeedFaults.Select(pair => pair.Fault)],
            Taught = run._ring.SeedsTaught,
            Stranded = run._order.Stranded,
            SeedPeers = [.. run._hosts.Where(host => host.Seed is not null).Select(host => host.Seed!.ToString())],
            IsAnyHidden = run._isAnyHidden,
            Lookups = run._lookups,
        };
    }

    /// <summary>
    /// What is checked of ours among themselves while faults are at work: of the ring they make, only once it has formed, and while each of them has another in
    /// its list. Of principals there is no promise: what is asked on from seed peer to seed peer is not read in one moment.
    /// </summary>
    private bool Counts(ViolationKind kind) => kind switch
    {
        ViolationKind.TooFewPrincipals => false,
        < ViolationKind.TooFewPrincipals => (_hasFormed = _hasFormed || _monitor.Contract.HasFormed()) && _hosts.Where(host => host.IsLiveMember).All(MixedContract.HasOurs(_ring)),
        _ => true,
    };

    private void Run()
    {
        try
        {
            if (_plan.OursAtStart > 0)
                IdealRing.Place(_ring, [.. _hosts.Take(_plan.OursAtStart)]);
            _faults.Schedule();
            if (!RunTo(_plan.FaultsEnd))
                return;
            _faults.Stop();
            if (BecomesOrdered())
                CheckLookups();
        }
        catch (Exception broke) when (broke is not OutOfMemoryException)
        {
            _monitor.Blame(ViolationKind.RulesBroke, peer: null, $"{broke.GetType().Name}: {broke.Message}");
        }
    }

    private bool RunTo(TimeSpan moment)
    {
        while (_monitor.Violation is null && _ring.NextAt <= moment)
            _ring.Step();
        if (_monitor.Violation is not null)
            return false;
        _ring.RunUntil(moment);
        return true;
    }

    private bool BecomesOrdered()
    {
        TimeSpan begun = _ring.Now;
        string? fault = _order.FirstFault();
        TimeSpan orderedSince = _ring.Now;
        while (fault is not null || _ring.Now - orderedSince < StayFor)
        {
            if (!RunTo(_ring.Now + Slice))
                return false;
            fault = _order.FirstFault();
            if (fault is not null)
                orderedSince = _ring.Now;
            if (_ring.Now - begun > OrderMax)
            {
                _monitor.Blame(ViolationKind.NotIdealInTime, peer: null, $"Not in order {OrderMax.TotalSeconds:0} s after the last fault: {fault ?? "not for long"}");
                return false;
            }
        }
        _isAnyHidden = _order.IsAnyHidden;
        _toOrder = orderedSince - begun;
        return true;
    }

    /// <summary>Each of ours looks up every identifier where somebody stands, and those right behind.</summary>
    private void CheckLookups()
    {
        int waiting = 0;
        int step = 0;
        foreach (SimulatedPeer asker in _order.Members.Where(peer => peer.Seed is null))
        {
            foreach (SimulatedPeer about in _order.Members)
            {
                waiting++;
                Identifier key = step++ % 2 == 0 ? about.Self.Id : about.Self.Id.FingerStart(0);
                _ring.LookUp(asker, key, run =>
                {
                    waiting--;
                    _lookups++;
                    Judge(run);
                });
            }
        }
        TimeSpan end = _ring.Now + (3 * _ring.Options.Timings.RequestTimeout);
        while (waiting > 0 && _ring.Now < end)
        {
            if (!RunTo(_ring.Now + Slice))
                return;
        }
        if (waiting > 0)
            _monitor.Blame(ViolationKind.WrongOwner, peer: null, $"{waiting} lookups never ended.");
    }

    private void Judge(LookupRun run)
    {
        PeerRef owner = _order.OwnerOf(run.Key)!;
        PeerRef? named = run.Outcome!.Owner;
        bool isRight = named == owner || (named is not null && _order.IsBad(named) && (named.Id == run.Key || named.Id.IsBetween(run.Key, owner.Id)))
            || _isAnyHidden;
        if (!isRight)
            _monitor.Blame(ViolationKind.WrongOwner, run.Asker.Self, $"{run.Asker.Self} looked up {run.Key} and found {named?.ToString() ?? run.Outcome.Failure.ToString()}, not {owner}.");
    }
}
