using System.Collections.Immutable;
using System.Diagnostics;

namespace ChordAspire.Simulation;

/// <summary>Finds again how a ring was reached, from the levels of the search, and tells it as seen from the place where it began.</summary>
internal sealed class SmallPath(SmallCircle circle, SmallInvariant invariant, SmallSteps steps)
{
    /// <summary>A line for each step to the ring, which stands on the last level or was reached by a step from the last but one.</summary>
    public ImmutableArray<string> To(ulong ring, List<ulong[]> levels)
    {
        List<ulong> way = [ring];
        for (int level = levels.Count - 2; level >= 0; level--)
            way.Add(SourceOf(way[^1], levels[level]));
        way.Reverse();
        ulong at = way[0];
        var path = ImmutableArray.CreateBuilder<string>(way.Count);
        path.Add($"{new SmallStep(SmallStepKind.Start, 0, 0)}: {Draw(at)}");
        List<Reached> reached = [];
        foreach (ulong next in way.Skip(1))
        {
            reached.Clear();
            steps.Expand(at, reached);
            Reached taken = reached.Find(candidate => circle.Upright(candidate.Ring) == next);
            path.Add($"{taken.Step}: {Draw(taken.Ring)}");
            at = taken.Ring;
        }
        return path.MoveToImmutable();
    }

    /// <summary>The ring of this level with the smallest number from which one step leads there.</summary>
    private ulong SourceOf(ulong ring, ulong[] level)
    {
        ulong source = ulong.MaxValue;
        List<Reached> reached = [];
        foreach (ulong candidate in level)
        {
            reached.Clear();
            if (candidate > source)
                continue;
            steps.Expand(candidate, reached);
            if (reached.Exists(next => circle.Upright(next.Ring) == ring))
                source = candidate;
        }
        return source != ulong.MaxValue ? source : throw new UnreachableException("A ring was reached from nowhere.");
    }

    private string Draw(ulong ring) => string.Join("; ", invariant.MembersOf(ring).Select(member =>
        $"{LocalStates.PlaceOf(member.Self)} → {string.Join(' ', member.Successors.Peers.Select(LocalStates.PlaceOf))}"));
}
