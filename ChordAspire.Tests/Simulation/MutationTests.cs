using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>A checker is only believed once it has failed: each fault put into our protocol by hand must be found within so many seeds.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    [Fact]
    public void A_rectify_that_does_not_check_the_old_predecessor_is_found() =>
        AssertFound(Mutations.RectifyWithoutCheck, seeds: 20, ViolationKind.NotIdealInTime);

    [Fact]
    public void A_successor_adopted_before_it_answers_is_found() =>
        AssertFound(Mutations.AdoptUnanswered, seeds: 500, ViolationKind.TooFewPrincipals, ViolationKind.NoLiveSuccessor, ViolationKind.LostRing, ViolationKind.StrandedAppendage);

    [Fact]
    public void A_short_list_after_joining_is_found() =>
        AssertFound(Mutations.ShortListAfterJoin, seeds: 20, ViolationKind.ShortListAtBirth);

    [Fact]
    public void A_closer_successor_adopted_without_its_list_is_found() =>
        AssertFound(Mutations.AdoptHeadOnly, seeds: 500, ViolationKind.TooFewPrincipals, ViolationKind.LostRing, ViolationKind.NoLiveSuccessor);

    [Fact]
    public void A_round_that_is_not_taken_back_is_found() =>
        AssertFound(Mutations.RoundNotTakenBack, seeds: 3000, ViolationKind.TooFewPrincipals, ViolationKind.LostRing);

    private void AssertFound(ProtocolRules mutated, int seeds, params ViolationKind[] expected)
    {
        SweepReport report = Sweep.Run(
            new Seed(1), seeds, RunRules.Production with { Rules = mutated }, cancellationToken: TestContext.Current.CancellationToken);
        string found = string.Join(", ", report.ViolationsByKind);
        output.WriteLine($"{found}; first at seed {report.Violations.FirstOrDefault()?.Plan.Seed}");
        Assert.True(report.ViolationsByKind.Keys.Any(expected.Contains), $"Within {seeds} seeds only this was found: {(found.Length == 0 ? "nothing" : found)}.");
    }
}
