using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// All states that a ring of so many places can get into, r = 2, from every ideal ring of r + 1 of them: any peer may join, stabilize, be notified and fail in any
/// order, each as one atomic step that reads at most one other peer (Zave, TSE 2017 §III); failures as the contract allows. Breadth first, so a counterexample
/// is as short as any.
/// </summary>
/// <remarks>
/// The two halves of stabilize are two steps, with anything in between; so are a notification and its arrival. Only the order of identifiers enters the rules, not
/// their distance, so that places 0 to n - 1 stand for any identifiers, and of rings that are alike but for a turn of the circle one is explored. Fingers do not matter and are left out.
/// </remarks>
public sealed class ExhaustiveCheck
{
    private const int SuccessorListLength = 2;
    private readonly int _places;
    private readonly bool _countsPrincipals;
    private readonly Func<ViolationKind, bool> _counts;
    private readonly bool _reconciles;
    private readonly LocalStates _locals;
    private readonly PeerRef[] _peers;
    private readonly ChordParameters _parameters = new(Bits: 4, SuccessorListLength);
    private readonly InvariantChecker _checker = new(SuccessorListLength);
    private readonly List<PeerState> _members = [];
    private readonly HashSet<SmallRing> _seen = [];
    private readonly List<(SmallRing Ring, int Parent, SmallStep Step)> _states = [];
    private long _steps;
    private ExhaustiveViolation? _violation;

    private ExhaustiveCheck(int places, RunRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, SuccessorListLength + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(places, SmallRing.MaxPeers);
        _places = places;
        _countsPrincipals = rules.ContractCountsPrincipals;
        _counts = rules.Counts;
        _reconciles = rules.TimersReconcile;
        _peers = [.. Enumerable.Range(0, places).Select(place => new PeerRef(Identifier.FromUInt64(4, (ulong)place), HostNames.Of(place)))];
        _locals = new LocalStates(rules.Rules, _parameters, _peers);
    }

    /// <summary>Explores until all states are seen, a violation is found, or so many states are there.</summary>
    public static ExhaustiveReport Run(int places, RunRules rules, int statesMax = int.MaxValue, CancellationToken cancellationToken = default)
    {
        var check = new ExhaustiveCheck(places, rules);
        check.Begin();
        int next = 0;
        while (next < check._states.Count && check._violation is null && check._states.Count < statesMax)
        {
            if ((next & 0xfff) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            check.Expand(next++);
        }
        return new ExhaustiveReport(
            check._states.Count, check._steps, check._locals.Count, next == check._states.Count && check._violation is null, check._violation);
    }

    private void Begin()
    {
        for (int chosen = 0; chosen < 1 << _places; chosen++)
        {
            PeerRef[] ring = [.. _peers.Where((_, place) => (chosen >> place & 1) == 1)];
            if (ring.Length != SuccessorListLength + 1)
                continue;
            SmallRing state = default;
            for (int i = 0; i < ring.Length; i++)
            {
                PeerState member = IdealRing.StateOf(_parameters, ring, i) with { Fingers = FingerTable.Empty };
                state = state.With(_locals.PlaceOf(ring[i]), _locals.NumberOf(member));
            }
            Reach(state, parent: -1, new SmallStep(SmallStepKind.Start, 0, 0), tripped: false);
        }
    }

    private void Expand(int index)
    {
        SmallRing ring = _states[index].Ring;
        for (int place = 0; place < _places && _violation is null; place++)
        {
            int local = ring[place];
            if (local == 0)
            {
                JoinBehindEach(ring, index, place);
                continue;
            }
            PeerState state = _locals[local];
            Read(ring, index, place, state.Query is null ? SmallStepKind.Stabilize : SmallStepKind.Ask);
            if (_reconciles)
                Read(ring, index, place, SmallStepKind.Reconcile);
            if (ring.NoticeOf(place) is >= 0 and int to)
                DeliverNotice(ring, index, place, to);
            SmallRing failed = ring.With(place, 0).WithNotice(place, -1);
            if (MayBe(failed))
                Reach(failed, index, new SmallStep(SmallStepKind.Fail, (byte)place, 0), tripped: false);
        }
    }

    private void Read(SmallRing ring, int index, int place, SmallStepKind kind)
    {
        int target = _locals.Target(kind, ring[place]);
        if (target < 0 || target == place)
            return;
        LocalStates.Outcome outcome = _locals.Take(kind, ring[place], ring[target]);
        SmallRing next = ring.With(place, outcome.One);
        if (outcome.Read != 0)
            next = next.With(target, outcome.Read);
        if (outcome.Notice >= 0)
            next = next.WithNotice(place, outcome.Notice);
        Reach(next, index, new SmallStep(kind, (byte)place, (byte)target), outcome.Tripped);
    }

    private void DeliverNotice(SmallRing ring, int index, int from, int to)
    {
        SmallRing next = ring.WithNotice(from, -1);
        bool tripped = false;
        if (ring[to] != 0)
        {
            bool oldAnswers = _locals[ring[to]].Predecessor is { } old && ring[_locals.PlaceOf(old)] != 0;
            LocalStates.Outcome outcome = _locals.Rectify(ring[to], from, oldAnswers);
            next = next.With(to, outcome.One);
            tripped = outcome.Tripped;
        }
        Reach(next, index, new SmallStep(SmallStepKind.Notify, (byte)from, (byte)to), tripped);
    }

    private void JoinBehindEach(SmallRing ring, int index, int place)
    {
        for (int other = 0; other < _places; other++)
        {
            if (ring[other] == 0)
                continue;
            PeerState predecessor = _locals[ring[other]];
            int owner = BestSuccessor(ring, predecessor);
            if (owner < 0 || !_peers[place].Id.IsBetween(predecessor.Self.Id, _peers[owner].Id))
                continue;
            LocalStates.Outcome outcome = _locals.Join(place, ring[other], owner);
            if (!_locals[outcome.One].IsMember)
                continue;
            SmallRing next = ring.With(place, outcome.One).WithNotice(place, outcome.Notice);
            if (outcome.Read != 0)
                next = next.With(other, outcome.Read);
            Reach(next, index, new SmallStep(SmallStepKind.Join, (byte)place, (byte)other), outcome.Tripped);
        }
    }

    private int BestSuccessor(SmallRing ring, PeerState state)
    {
        foreach (PeerRef entry in state.Successors.Peers)
        {
            if (ring[_locals.PlaceOf(entry)] != 0)
                return _locals.PlaceOf(entry);
        }
        return -1;
    }

    private void Reach(SmallRing reached, int parent, SmallStep step, bool tripped)
    {
        _steps++;
        SmallRing ring = Upright(reached, out int turns);
        if (!_seen.Add(ring))
            return;
        _states.Add((ring, parent, step with { Turns = (byte)turns }));
        LoadMembers(ring);
        ViolationKind? kind = tripped && _counts(ViolationKind.MonitorTripped) ? ViolationKind.MonitorTripped : _checker.Check(_members)?.Kind;
        if (kind is { } found && _counts(found))
            _violation = new ExhaustiveViolation(found, PathTo(_states.Count - 1));
    }

    /// <summary>Of the ring and what it looks like from other places of the circle, the one with the smallest number stands for all.</summary>
    private SmallRing Upright(SmallRing ring, out int turns)
    {
        SmallRing smallest = ring;
        SmallRing turned = ring;
        turns = 0;
        for (int turn = 1; turn < _places; turn++)
        {
            turned = Turn(turned);
            if (turned.Locals < smallest.Locals)
                (smallest, turns) = (turned, turn);
        }
        return smallest;
    }

    private SmallRing Turn(SmallRing ring)
    {
        SmallRing turned = default;
        for (int place = 0; place < _places; place++)
        {
            int to = (place + 1) % _places;
            turned = turned.With(to, _locals.Turned(ring[place])).WithNotice(to, ring.NoticeOf(place) is >= 0 and int notified ? (notified + 1) % _places : -1);
        }
        return turned;
    }

    private void LoadMembers(SmallRing ring)
    {
        _members.Clear();
        for (int place = 0; place < _places; place++)
        {
            if (ring[place] != 0)
                _members.Add(_locals[ring[place]]);
        }
    }

    /// <summary>What the contract asks of the ring that a failure leaves behind.</summary>
    private bool MayBe(SmallRing ring)
    {
        LoadMembers(ring);
        foreach (PeerState member in _members)
        {
            bool lives = false;
            foreach (PeerRef entry in member.Successors.Peers)
                lives |= ring[_locals.PlaceOf(entry)] != 0;
            if (!lives)
                return false;
        }
        if (!_countsPrincipals)
            return _members.Count > 0;
        return _checker.CountPrincipals(_members) > SuccessorListLength;
    }

    private ImmutableArray<string> PathTo(int index)
    {
        var way = new Stack<int>();
        for (int at = index; at >= 0; at = _states[at].Parent)
            way.Push(at);
        // States are stored upright; the way is told as seen from the place where it began.
        int back = 0;
        var path = ImmutableArray.CreateBuilder<string>(way.Count);
        foreach (int at in way)
        {
            (SmallRing ring, _, SmallStep step) = _states[at];
            string told = step.Seen(back, _places).ToString();
            back = (back + _places - step.Turns) % _places;
            for (int turn = 0; turn < back; turn++)
                ring = Turn(ring);
            path.Add($"{told}: {Draw(ring)}");
        }
        return path.MoveToImmutable();
    }

    private string Draw(SmallRing ring)
    {
        LoadMembers(ring);
        return string.Join("; ", _members.Select(member => $"{_locals.PlaceOf(member.Self)} → {string.Join(' ', member.Successors.Peers.Select(_locals.PlaceOf))}"));
    }
}

/// <summary>What an exhaustive check saw.</summary>
/// <param name="States">Different states of the whole ring.</param>
/// <param name="Steps">Steps taken between them.</param>
/// <param name="LocalStates">Different states of single peers.</param>
/// <param name="IsComplete">Whether all reachable states were seen.</param>
public sealed record ExhaustiveReport(int States, long Steps, int LocalStates, bool IsComplete, ExhaustiveViolation? Violation);

/// <summary>A shortest way from an ideal ring to a violation, a line a step with the ring after it.</summary>
public sealed record ExhaustiveViolation(ViolationKind Kind, ImmutableArray<string> Path);
