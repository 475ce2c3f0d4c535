using System.Globalization;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>All interleavings of small rings. Larger ones take minutes and are run by hand: docs/simulation.md.</summary>
public sealed class ExhaustiveCheckTests(ITestOutputHelper output)
{
    [Fact]
    public void Four_places_have_no_reachable_state_that_violates_anything()
    {
        ExhaustiveReport report = ExhaustiveCheck.Run(places: 4, RunRules.Production, cancellationToken: TestContext.Current.CancellationToken);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.States} states, {report.Steps} steps, {report.LocalStates} states of single peers"));
        Assert.True(report.Violation is null, string.Join('\n', report.Violation?.Path ?? []));
        Assert.True(report.IsComplete);
        Assert.InRange(report.States, 10_000, 100_000);
    }

    [Fact]
    public void The_first_states_of_five_places_violate_nothing_either()
    {
        ExhaustiveReport report = ExhaustiveCheck.Run(places: 5, RunRules.Production, statesMax: 300_000, TestContext.Current.CancellationToken);
        Assert.True(report.Violation is null, string.Join('\n', report.Violation?.Path ?? []));
        Assert.False(report.IsComplete);
    }

    [Theory]
    [InlineData(ViolationKind.LostRing)]
    [InlineData(ViolationKind.StrandedAppendage)]
    [InlineData(ViolationKind.TwoRings)]
    [InlineData(ViolationKind.DisorderedRing)]
    public void The_original_yields_its_counterexamples_in_the_same_search(ViolationKind kind)
    {
        RunRules rules = RunRules.Original with { Counts = found => found == kind };
        ExhaustiveReport report = ExhaustiveCheck.Run(places: 5, rules, statesMax: 500_000, TestContext.Current.CancellationToken);
        output.WriteLine(string.Join('\n', report.Violation?.Path ?? [$"Nothing in {report.States} states."]));
        Assert.Equal(kind, report.Violation?.Kind);
    }
}
