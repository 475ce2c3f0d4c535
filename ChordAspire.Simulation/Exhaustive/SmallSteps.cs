namespace ChordAspire.Simulation;

/// <summary>All that can happen next in a ring of a few places: each a step that reads at most one other peer (Zave, TSE 2017 §III).</summary>
internal sealed class SmallSteps(SmallCircle circle, LocalStates locals, StepTable table, SmallInvariant invariant, bool contractCountsPrincipals)
{
    public void Expand(ulong ring, List<Reached> reached)
    {
        int living = invariant.LivingIn(ring);
        for (int place = 0; place < circle.Places; place++)
        {
            int cell = circle.CellAt(ring, place);
            if (cell == 0)
            {
                JoinBehindEach(ring, living, place, reached);
                continue;
            }
            foreach (MoveRow row in table.MovesOf(cell))
            {
                if (row.Move.Target != 0)
                    Read(ring, place, cell, row, reached);
            }
            if (locals.FactsOf(cell).Notice is not CellFacts.None and sbyte distance)
                DeliverNotice(ring, place, cell, circle.At(place, distance), reached);
            ulong failed = circle.With(ring, place, 0);
            if (invariant.MayBeLeft(failed, contractCountsPrincipals))
                reached.Add(new Reached(failed, new SmallStep(SmallStepKind.Fail, (byte)place, 0), Tripped: false));
        }
    }

    private void Read(ulong ring, int place, int cell, MoveRow row, List<Reached> reached)
    {
        int target = circle.At(place, row.Move.Target);
        foreach (CellOutcome outcome in table.Take(row, cell, circle.CellAt(ring, target)))
        {
            ulong next = circle.With(ring, place, outcome.One);
            if (outcome.Other != 0)
                next = circle.With(next, target, outcome.Other);
            reached.Add(new Reached(next, new SmallStep(row.Move.Kind, (byte)place, (byte)target), outcome.Tripped));
        }
    }

    private void DeliverNotice(ulong ring, int from, int cell, int to, List<Reached> reached)
    {
        ulong next = circle.With(ring, from, table.WithoutNotice(cell));
        var step = new SmallStep(SmallStepKind.Notify, (byte)from, (byte)to);
        int notified = circle.CellAt(next, to);
        if (notified == 0)
        {
            reached.Add(new Reached(next, step, Tripped: false));
            return;
        }
        int predecessor = locals.FactsOf(notified).Predecessor;
        bool oldAnswers = predecessor != CellFacts.None && circle.CellAt(next, circle.At(to, predecessor)) != 0;
        foreach (CellOutcome outcome in table.Notify(notified, circle.Distance(to, from), oldAnswers))
            reached.Add(new Reached(circle.With(next, to, outcome.One), step, outcome.Tripped));
    }

    private void JoinBehindEach(ulong ring, int living, int place, List<Reached> reached)
    {
        for (int other = 0; other < circle.Places; other++)
        {
            int cell = circle.CellAt(ring, other);
            if (cell == 0 || locals.FactsOf(cell).IsAlone)
                continue;
            int owner = invariant.BestSuccessor(locals.FactsOf(cell), other, living);
            if (owner == CellFacts.None || !locals.Peers[place].Id.IsBetween(locals.Peers[other].Id, locals.Peers[owner].Id))
                continue;
            foreach (CellOutcome outcome in table.Join(cell, circle.Distance(other, place), circle.Distance(other, owner)))
            {
                ulong next = circle.With(circle.With(ring, place, outcome.One), other, outcome.Other);
                reached.Add(new Reached(next, new SmallStep(SmallStepKind.Join, (byte)place, (byte)other), outcome.Tripped));
            }
        }
    }
}
