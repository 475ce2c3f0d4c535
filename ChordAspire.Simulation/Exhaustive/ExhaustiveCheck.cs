using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// All states that a ring of so many places can get into, r = 2, from every ideal ring of r + 1 of them: any peer may join, stabilize, be notified and fail in any
/// order, each as one atomic step that reads at most one other peer (Zave, TSE 2017 §III); failures as the contract allows. Level by level, so a
/// counterexample
/// is as short as any.
/// </summary>
/// <remarks>
/// The two halves of stabilize are two steps, with anything in between; so are a notification and its arrival. Only the order of identifiers enters the rules, not
/// their distance, so that places 0 to n - 1 stand for any identifiers, and of rings that are alike but for a turn of the circle one is explored.
/// Fingers do not
/// matter and are left out. With <see cref="ExhaustiveOptions.ListsOnly"/> a state is the successor lists, and no more: see <see
/// cref="ListsView"/>. All that can
/// happen can happen there as well, and more; what holds there holds.
/// </remarks>
public sealed class ExhaustiveCheck
{
    internal const int SuccessorListLength = 2;
    private const int PieceSize = 4096;
    private readonly ExhaustiveOptions _options;
    private readonly SmallCircle _circle;
    private readonly LocalStates _locals;
    private readonly SmallInvariant _invariant;
    private readonly SmallSteps _steps;
    private readonly StateSet _seen = new();
    private readonly List<ulong[]> _levels = [];
    private readonly Lock _merging = new();
    private long _stepCount;
    private (ulong Ring, ViolationKind Kind)? _violation;

    private ExhaustiveCheck(ExhaustiveOptions options)
    {
        _options = options;
        _circle = new SmallCircle(options.Places);
        LocalView? view = null;
        _locals = new LocalStates(_circle, (state, notice) => view!.Kept(state, notice));
        view = options.ListsOnly ? new ListsView(_locals.Peers) : new WholeView(options.Rules.TimersReconcile);
        var steps = new LocalSteps(options.Rules.Rules, _circle, _locals);
        _invariant = new SmallInvariant(_circle, _locals);
        _steps = new SmallSteps(_circle, _locals, new StepTable(_circle, _locals, steps, view), _invariant, options.Rules.ContractCountsPrincipals);
    }

    /// <summary>Explores until all states are seen, a violation is found, or so many states are there.</summary>
    public static ExhaustiveReport Run(ExhaustiveOptions options, CancellationToken cancellationToken = default)
    {
        int placesMax = options.ListsOnly ? ExhaustiveOptions.PlacesMaxListsOnly : ExhaustiveOptions.PlacesMax;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Places, placesMax, nameof(options));
        if (options.ListsOnly && options.Rules.TimersReconcile)
            throw new ArgumentException("With successor lists alone the original protocol shows violations that cannot happen.", nameof(options));
        var check = new ExhaustiveCheck(options);
        check.Explore(cancellationToken);
        // Several workers number cells in the order in which they meet them. One alone always does so in the same order, and then tells the same
        // violation.
        return check._violation is null || options.Workers == 1 ? check.Report() : Run(options with { Workers = 1 }, cancellationToken);
    }

    /// <summary>The members of every ring that is reached; for tests.</summary>
    internal static IEnumerable<PeerState[]> RingsOf(ExhaustiveOptions options) => VerdictsOf(options).Select(verdict => verdict.Members);

    /// <summary>The members of every ring that is reached, and whether nothing is wrong with it; for tests.</summary>
    internal static IEnumerable<(PeerState[] Members, bool Holds)> VerdictsOf(ExhaustiveOptions options)
    {
        var check = new ExhaustiveCheck(options);
        check.Explore(CancellationToken.None);
        return check._levels.SelectMany(level => level).Select(ring => (check._invariant.MembersOf(ring), check._invariant.Holds(ring)));
    }

    private void Explore(CancellationToken cancellationToken)
    {
        _levels.Add(Begin());
        while (_levels[^1].Length > 0 && _violation is null && _seen.Count < _options.StatesMax)
        {
            _levels.Add(ExpandLevel(_levels[^1], cancellationToken));
            _options.Progress?.Invoke(_levels.Count - 1, _seen.Count);
        }
    }

    private ExhaustiveReport Report()
    {
        bool isComplete = _levels[^1].Length == 0 && _violation is null;
        ExhaustiveViolation? violation = _violation is { } found
            ? new ExhaustiveViolation(found.Kind, new SmallPath(_circle, _invariant, _steps).To(found.Ring, _levels))
            : null;
        return new ExhaustiveReport(_seen.Count, _stepCount, _locals.Count, _levels.Count - (isComplete ? 2 : 1), isComplete, violation);
    }

    /// <summary>Every ideal ring of r + 1 peers.</summary>
    private ulong[] Begin()
    {
        List<ulong> rings = [];
        for (int chosen = 0; chosen < 1 << _circle.Places; chosen++)
        {
            PeerRef[] members = [.. _locals.Peers.Where((_, place) => (chosen >> place & 1) == 1)];
            if (members.Length != SuccessorListLength + 1)
                continue;
            ulong ring = 0;
            for (int i = 0; i < members.Length; i++)
            {
                PeerState member = IdealRing.StateOf(LocalStates.Parameters, members, i) with { Fingers = FingerTable.Empty };
                ring = _circle.With(ring, LocalStates.PlaceOf(members[i]), _locals.NumberOf(member, CellFacts.None));
            }
            ring = _circle.Upright(ring);
            if (_seen.Add(ring))
                rings.Add(ring);
        }
        return [.. rings];
    }

    private ulong[] ExpandLevel(ulong[] level, CancellationToken cancellationToken)
    {
        List<ulong[]> found = [];
        int pieces = (level.Length + PieceSize - 1) / PieceSize;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = _options.Workers, CancellationToken = cancellationToken };
        Parallel.For(0, pieces, limits, () => new Work(), (piece, _, work) =>
        {
            int from = piece * PieceSize;
            foreach (ulong ring in level.AsSpan(from, Math.Min(PieceSize, level.Length - from)))
                Expand(ring, work);
            return work;
        },
        work =>
        {
            lock (_merging)
            {
                found.Add([.. work.Found]);
                _stepCount += work.Steps;
            }
        });
        return Merge(found);
    }

    private void Expand(ulong ring, Work work)
    {
        work.Reached.Clear();
        _steps.Expand(ring, work.Reached);
        work.Steps += work.Reached.Count;
        foreach (Reached reached in work.Reached)
        {
            if (reached.Tripped)
                Blame(_circle.Upright(reached.Ring), ViolationKind.MonitorTripped);
            ulong upright = _circle.Upright(reached.Ring);
            if (!_seen.Add(upright))
                continue;
            work.Found.Add(upright);
            if (!_invariant.Holds(upright) && new InvariantChecker(SuccessorListLength).Check(_invariant.MembersOf(upright)) is { } wrong)
                Blame(upright, wrong.Kind);
        }
    }

    /// <summary>Of the violations in a level, the ring with the smallest number is told, whoever found it first.</summary>
    private void Blame(ulong ring, ViolationKind kind)
    {
        if (!_options.Rules.Counts(kind))
            return;
        lock (_merging)
        {
            if (_violation is null || ring < _violation.Value.Ring)
                _violation = (ring, kind);
        }
    }

    private static ulong[] Merge(List<ulong[]> parts)
    {
        var whole = new ulong[parts.Sum(part => part.Length)];
        int at = 0;
        foreach (ulong[] part in parts)
        {
            part.CopyTo(whole, at);
            at += part.Length;
        }
        return whole;
    }

    /// <summary>What one worker keeps to itself.</summary>
    private sealed class Work
    {
        public List<ulong> Found { get; } = [];

        public List<Reached> Reached { get; } = [];

        public long Steps { get; set; }
    }
}
