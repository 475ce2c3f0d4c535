using System.Collections.Immutable;

namespace ChordAspire.Simulation;

/// <summary>What an exhaustive check is to do.</summary>
public sealed record ExhaustiveOptions
{
    /// <summary>Places of the circle: the most peers there can be at a time. 3 to 6; to 10 where only lists are followed.</summary>
    public required int Places { get; init; }

    public const int PlacesMin = SmallCircle.PlacesMin;
    public const int PlacesMax = 6;
    public const int PlacesMaxListsOnly = SmallCircle.PlacesMax;

    public RunRules Rules { get; init; } = RunRules.Production;

    /// <summary>Whether only successor lists are followed, and all else may be anything: see <see cref="ExhaustiveCheck"/>.</summary>
    public bool ListsOnly { get; init; }

    /// <summary>It ends when so many states are there, at the end of a level.</summary>
    public long StatesMax { get; init; } = long.MaxValue;

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Told after each level how many there were, and how many states there are by then.</summary>
    public Action<int, long>? Progress { get; init; }
}

/// <summary>What an exhaustive check saw. The same whatever the number of workers.</summary>
/// <param name="States">Different states of the whole ring, those that are alike but for a turn of the circle counted once.</param>
/// <param name="Steps">Steps taken between them.</param>
/// <param name="LocalStates">Different states of single peers, as seen from their own place, with what is under way from them.</param>
/// <param name="Levels">Steps on the longest of the shortest ways to a state.</param>
/// <param name="IsComplete">Whether all reachable states were seen.</param>
public sealed record ExhaustiveReport(long States, long Steps, int LocalStates, int Levels, bool IsComplete, ExhaustiveViolation? Violation);

/// <summary>A shortest way from an ideal ring to a violation, a line a step with the ring after it.</summary>
public sealed record ExhaustiveViolation(ViolationKind Kind, ImmutableArray<string> Path);
