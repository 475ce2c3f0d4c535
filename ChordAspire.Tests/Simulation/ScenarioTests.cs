using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>The published counterexamples, one by one.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_original_loses_the_property(string name)
    {
        ScenarioOutcome outcome = Scenarios.Named(name).Run(original: true);
        Assert.True(outcome.Lost.Contains(outcome.Scenario.Breaks), Describe(outcome));
        // What CCR 2012 calls useful comes back; what it calls required for correctness never does.
        bool isRepairable = outcome.Scenario.Breaks <= RingProperty.ValidSuccessorList;
        Assert.True(outcome.BecameIdeal == isRepairable, Describe(outcome));
    }

    [Theory, MemberData(nameof(Names))]
    public void Ours_keeps_the_property_and_becomes_ideal(string name)
    {
        ScenarioOutcome outcome = Scenarios.Named(name).Run(original: false);
        Assert.True(outcome.Passed, Describe(outcome));
    }

    [Fact]
    public void An_unknown_scenario_is_refused_with_the_names_there_are() =>
        Assert.Contains("ordered-ring", Assert.Throws<ArgumentException>(() => Scenarios.Named("figure-9")).Message);

    private static string Describe(ScenarioOutcome outcome) =>
        $"{outcome.Scenario.Name}: lost {string.Join(", ", outcome.Lost)}; ideal: {outcome.BecameIdeal}\n{string.Join('\n', outcome.Told)}\n{outcome.RingAtTheEnd}";
}
