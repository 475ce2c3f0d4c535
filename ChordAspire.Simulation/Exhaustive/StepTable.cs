using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Remembers what steps make of cells, so that the machine runs once for each combination. All threads may ask.</summary>
internal sealed class StepTable
{
    private readonly SmallCircle _circle;
    private readonly LocalStates _locals;
    private readonly LocalSteps _steps;
    private readonly LocalView _view;
    private readonly MoveRow[]?[] _moves;
    private readonly CellOutcome[]?[] _joins;
    private readonly CellOutcome[]?[] _notified;
    private readonly int[] _withoutNotice;
    private readonly Lock _making = new();

    public StepTable(SmallCircle circle, LocalStates locals, LocalSteps steps, LocalView view)
    {
        _circle = circle;
        _locals = locals;
        _steps = steps;
        _view = view;
        _moves = new MoveRow[circle.CellsMax][];
        _joins = new CellOutcome[circle.CellsMax * circle.Places * circle.Places][];
        _notified = new CellOutcome[circle.CellsMax * circle.Places * 2][];
        _withoutNotice = new int[circle.CellsMax];
    }

    /// <summary>The ways to go on by asking somebody.</summary>
    public MoveRow[] MovesOf(int cell) =>
        _moves[cell] ?? Make(ref _moves[cell], () => [.. _view.MovesOf(_locals[cell]).Select(move => new MoveRow(move, _circle.CellsMax))]);

    /// <summary>What may come of such a way, given the cell of the peer asked.</summary>
    public CellOutcome[] Take(MoveRow row, int cell, int other) =>
        row.Outcomes[other] ?? Make(ref row.Outcomes[other], () => FindRead(row.Move, cell, other));

    /// <summary>What may come of joining behind a member.</summary>
    /// <param name="other">The member's cell.</param>
    /// <param name="place">How far behind it the newcomer is.</param>
    /// <param name="owner">How far behind it its first living successor is.</param>
    public CellOutcome[] Join(int other, int place, int owner)
    {
        ref CellOutcome[]? known = ref _joins[(((other * _circle.Places) + place) * _circle.Places) + owner];
        return known ?? Make(ref known, () =>
        [
            .. _view.WhenAsked(_locals[other])
                .Select(state => _steps.Join(place, state, _locals.FactsOf(other).Notice, owner))
                .Where(outcome => outcome != CellOutcome.Nothing)
                .Distinct(),
        ]);
    }

    /// <summary>What comes of being notified.</summary>
    /// <param name="notifier">How far away whoever notifies is.</param>
    public CellOutcome[] Notify(int cell, int notifier, bool oldAnswers)
    {
        ref CellOutcome[]? known = ref _notified[(((cell * _circle.Places) + notifier) * 2) + (oldAnswers ? 1 : 0)];
        return known ?? Make(ref known, () => [_steps.Rectify(_locals[cell], _locals.FactsOf(cell).Notice, notifier, oldAnswers)]);
    }

    /// <summary>The same cell when its notification has been delivered.</summary>
    public int WithoutNotice(int cell)
    {
        if (_withoutNotice[cell] == 0)
        {
            lock (_making)
                _withoutNotice[cell] = _locals.NumberOf(_locals[cell], CellFacts.None);
        }
        return _withoutNotice[cell];
    }

    private T[] Make<T>(ref T[]? known, Func<T[]> make)
    {
        lock (_making)
            return known ??= make();
    }

    private CellOutcome[] FindRead(SmallMove move, int cell, int other)
    {
        PeerState?[] asked = other == 0
            ? [null]
            : [.. _view.WhenAsked(_locals[other]).Select(state => _locals.Turn(state, move.Target))];
        int notice = _locals.FactsOf(cell).Notice;
        int othersNotice = _locals.FactsOf(other).Notice;
        return
        [
            .. move.Askers
                .SelectMany(asker => asked.Select(state => _steps.Read(move.Kind, asker, notice, state, othersNotice)))
                .Where(outcome => outcome != CellOutcome.Nothing)
                .Distinct(),
        ];
    }
}

/// <summary>One way to go on, and what comes of it for each cell of the peer asked.</summary>
internal sealed class MoveRow(SmallMove move, int cells)
{
    public SmallMove Move => move;

    public CellOutcome[]?[] Outcomes { get; } = new CellOutcome[cells][];
}
