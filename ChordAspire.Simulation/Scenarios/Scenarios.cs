using System.Collections.Immutable;

namespace ChordAspire.Simulation;

/// <summary>The counterexamples of Zave, CCR 2012 figures 2 to 8 and TSE 2017 figures 3 and 4, by name.</summary>
/// <remarks>
/// The figures show only the pointers that matter; the rest of each ring here is our choice. In the original, <c>fix</c> is reconcile and flush; ours has other
/// uses for that timer and needs neither. <c>know</c> gives a peer the list that the figure begins with; ours cannot get it, since whoever gives lists away has
/// them whole and in order, and so for ours the line is left out.
/// </remarks>
public static class Scenarios
{
    private const string R2 = "bits=6 successors=2";

    public static ImmutableArray<Scenario> All { get; } =
    [
        new("ordered-merges", "CCR 2012, figure 2", "10 gets into the ring before 8, which then merges behind it.", RingProperty.OrderedMerges,
            $"ring 6 16 30 {R2}",
            ["join 8 via 6", "join 10 via 6", "stabilize 8", "stabilize 10", "stabilize 6"]),
        new("ordered-appendages", "CCR 2012, figure 3", "60 fails, and what hung on it is in no order.", RingProperty.OrderedAppendages,
            $"start 60 {R2}",
            [
                "join 5 via 60", "join 32 via 60", "stabilize 32", "stabilize 60", "join 44 via 60",
                "stabilize 44", "stabilize 5", "fix 32", "fix 44",
                "fail 60",
                "stabilize 32", "stabilize 44", "fix 32",
            ]),
        new("valid-successor-list", "CCR 2012, figure 4", "13 and 20 are taken into the ring; 17 fails, and 20 falls out of it again.", RingProperty.ValidSuccessorList,
            $"ring 9 17 25 40 {R2}",
            ["join 20 via 9", "stabilize 20", "stabilize 17", "fix 9", "fix 17", "fix 9", "join 13 via 9", "stabilize 13", "fix 13", "stabilize 9"]),
        new("connected-appendages", "CCR 2012, figure 5", "7 knows nobody but 9, which fails; 5 goes on without it.", RingProperty.ConnectedAppendages,
            $"ring 5 9 22 40 {R2}",
            ["join 7 via 5", "fail 9", "stabilize 5"]),
        new("at-least-one-ring", "CCR 2012, figure 6", "10 fails, and 6 takes it back from 12, which still thinks of it as its predecessor.", RingProperty.AtLeastOneRing,
            $"ring 6 10 12 30 {R2}",
            ["fail 10", "stabilize 6", "stabilize 6"]),
        new("ordered-ring", "CCR 2012, figure 7", "Three peers join a ring of three and fail together; the old second successors are stale.", RingProperty.OrderedRing,
            $"ring 0 18 40 {R2}",
            [
                "join 5 via 0", "join 21 via 18", "join 45 via 40",
                "stabilize 5", "stabilize 21", "stabilize 45", "stabilize 0", "stabilize 18", "stabilize 40",
                "fail 5 21 45",
                "stabilize 0", "stabilize 18", "stabilize 40",
            ]),
        new("at-most-one-ring", "CCR 2012, figure 8", "Two peers join a ring of two and fail together; each of the old ones is left with itself.", RingProperty.AtMostOneRing,
            $"ring 5 21 {R2}",
            [
                "fix 5", "fix 21",
                "join 10 via 5", "join 40 via 21",
                "stabilize 10", "stabilize 40", "stabilize 5", "stabilize 21",
                "fail 10 40",
                "stabilize 5", "stabilize 21",
            ]),
        new("ring-of-one", "TSE 2017, figure 3", "Two join a ring of one, whose list is nothing but itself; it fails, and they know of nobody.", RingProperty.AtLeastOneRing,
            $"start 48 {R2}",
            ["join 62 via 48", "join 37 via 48", "fix 62", "fix 37", "stabilize 48", "fail 48", "stabilize 62", "stabilize 37"]),
        new("trial-invariant", "TSE 2017, figure 4", "A ring that looks sound in six ways becomes disordered when 3 fails and 52 stabilizes.", RingProperty.OrderedRing,
            $"ring 3 20 31 52 {R2}",
            ["join 45 via 31", "know 45 3 20", "know 52 3 45", "fail 3", "stabilize 52"]),
    ];

    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Scenario Named(string name) =>
        All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException($"There is no scenario '{name}'; there are {string.Join(", ", All.Select(scenario => scenario.Name))}.", nameof(name));
}
