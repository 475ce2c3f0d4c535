using System.Collections.Immutable;

namespace ChordAspire.Simulation;

/// <summary>A published counterexample to the protocol of 2001, as a script that both protocols can follow.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="Source">Paper and figure.</param>
/// <param name="Story">What goes wrong, in a sentence.</param>
/// <param name="Breaks">The property that the original loses.</param>
/// <param name="Ring">The first line without the rules: <c>ring …</c> or <c>start …</c>.</param>
/// <param name="Commands">The rest of the script, in the language of transcripts.</param>
public sealed record Scenario(string Name, string Source, string Story, RingProperty Breaks, string Ring, ImmutableArray<string> Commands)
{
    /// <summary>Rounds within which the corrected protocol makes an ideal ring of whatever the scenario leaves.</summary>
    public const int RoundsMax = 8;

    /// <summary>Follows the script with the original rules or ours, and says what was true afterwards.</summary>
    public ScenarioOutcome Run(bool original)
    {
        var script = new RingScript();
        IReadOnlyList<string> told = script.Run(original
            ? [$"{Ring} rules=original", .. Commands]
            : [Ring, .. Commands.Where(command => !command.StartsWith("know ", StringComparison.Ordinal))]);
        InMemoryRing ring = script.Ring;
        ImmutableArray<RingProperty> lost = [.. Enum.GetValues<RingProperty>().Where(property => !property.Holds(ring.Members))];
        int rounds = 0;
        // The original has nothing that would take it further: its reconcile and update go on for as long as ours.
        for (; rounds < RoundsMax && !ring.Snapshot().IsIdeal; rounds++)
        {
            ring.RunRound();
            if (original)
                ring.FixEachOnce();
        }
        return new ScenarioOutcome(this, original, [.. told], lost, ring.Snapshot().IsIdeal, rounds, ring.Snapshot().Draw());
    }
}

/// <summary>What came of a scenario.</summary>
/// <param name="Told">What the peers did, in words.</param>
/// <param name="Lost">The properties that did not hold when the script was over.</param>
/// <param name="BecameIdeal">Whether the ring became ideal afterwards, when nothing else went wrong.</param>
/// <param name="Rounds">Rounds that it took, or that were tried.</param>
/// <param name="RingAtTheEnd">The ring drawn after those rounds.</param>
public sealed record ScenarioOutcome(
    Scenario Scenario, bool Original, ImmutableArray<string> Told, ImmutableArray<RingProperty> Lost, bool BecameIdeal, int Rounds, string RingAtTheEnd)
{
    /// <summary>The property that the scenario is about held, and the ring became ideal.</summary>
    public bool Passed => !Lost.Contains(Scenario.Breaks) && BecameIdeal;
}
