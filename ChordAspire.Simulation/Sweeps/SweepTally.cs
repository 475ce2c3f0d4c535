using System.Collections.Immutable;

namespace ChordAspire.Simulation;

/// <summary>Sums over runs. Sums do not depend on the order, so that cores may share the work.</summary>
internal sealed class SweepTally
{
    public const int ViolationsKept = 1000;

    private readonly Sightings _sightings = new();
    private readonly List<RunOutcome> _violations = [];
    private readonly SortedDictionary<ViolationKind, int> _kinds = [];
    private readonly SortedDictionary<ContractBreach, int> _breaches = [];
    private readonly SortedDictionary<FaultKind, long> _faults = [];
    private (long Ended, long Failed, long Off) _lookups;
    private int _held;
    private int _outButIdeal;
    private int _rounds;
    private long _events;
    private long _checks;
    private ulong _hash;

    public void Count(RunOutcome outcome)
    {
        _sightings.Add(outcome.Sightings);
        _events += outcome.Events;
        _checks += outcome.Checks;
        _hash += SplitMix64.Mix(outcome.Hash ^ SplitMix64.Mix(outcome.Plan.Seed.Number));
        _lookups = (_lookups.Ended + outcome.LookupsUnderFaults.Ended, _lookups.Failed + outcome.LookupsUnderFaults.Failed, _lookups.Off + outcome.LookupsUnderFaults.Off);
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
            _faults[kind] = _faults.GetValueOrDefault(kind) + outcome.Faults[(int)kind];
        switch (outcome.Verdict)
        {
            case RunVerdict.Held:
                _held++;
                _rounds = Math.Max(_rounds, outcome.RoundsToIdeal);
                break;
            case RunVerdict.Violated:
                Keep(outcome);
                _kinds[outcome.Violation!.Kind] = _kinds.GetValueOrDefault(outcome.Violation.Kind) + 1;
                break;
            case RunVerdict.OutOfContract:
                _breaches[outcome.Breach!.Value] = _breaches.GetValueOrDefault(outcome.Breach.Value) + 1;
                _outButIdeal += outcome.BecameIdeal ? 1 : 0;
                break;
        }
    }

    public void Add(SweepTally other)
    {
        _sightings.Add(other._sightings);
        _events += other._events;
        _checks += other._checks;
        _hash += other._hash;
        _held += other._held;
        _outButIdeal += other._outButIdeal;
        _rounds = Math.Max(_rounds, other._rounds);
        _lookups = (_lookups.Ended + other._lookups.Ended, _lookups.Failed + other._lookups.Failed, _lookups.Off + other._lookups.Off);
        foreach (RunOutcome outcome in other._violations)
            Keep(outcome);
        foreach ((ViolationKind kind, int count) in other._kinds)
            _kinds[kind] = _kinds.GetValueOrDefault(kind) + count;
        foreach ((ContractBreach breach, int count) in other._breaches)
            _breaches[breach] = _breaches.GetValueOrDefault(breach) + count;
        foreach ((FaultKind kind, long count) in other._faults)
            _faults[kind] = _faults.GetValueOrDefault(kind) + count;
    }

    public SweepReport Report(Seed from, int seeds) => new()
    {
        From = from,
        Seeds = seeds,
        Held = _held,
        OutOfContract = _breaches.ToImmutableSortedDictionary(),
        OutOfContractButIdeal = _outButIdeal,
        Violations = [.. _violations.OrderBy(outcome => unchecked(outcome.Plan.Seed.Number - from.Number))],
        ViolationsByKind = _kinds.ToImmutableSortedDictionary(),
        Sightings = _sightings,
        Faults = _faults.ToImmutableSortedDictionary(),
        Events = _events,
        Checks = _checks,
        RoundsToIdealMax = _rounds,
        LookupsUnderFaults = _lookups,
        Hash = _hash,
    };

    /// <summary>The first ones by seed are kept, whoever found them.</summary>
    private void Keep(RunOutcome outcome)
    {
        _violations.Add(outcome);
        if (_violations.Count > 2 * ViolationsKept)
        {
            _violations.Sort((one, other) => one.Plan.Seed.Number.CompareTo(other.Plan.Seed.Number));
            _violations.RemoveRange(ViolationsKept, _violations.Count - ViolationsKept);
        }
    }
}
