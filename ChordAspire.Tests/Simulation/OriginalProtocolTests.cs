using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>The protocol of 2001 is caught by the same sweep that ours passes.</summary>
public sealed class OriginalProtocolTests(ITestOutputHelper output)
{
    /// <summary>The seeds of the sweep that ours passes, and for each kind how many of them are enough to find it.</summary>
    [Theory]
    [InlineData(ViolationKind.StrandedAppendage, 100)]
    [InlineData(ViolationKind.LostRing, 100)]
    [InlineData(ViolationKind.TwoRings, 1000)]
    [InlineData(ViolationKind.DisorderedRing, 4000)]
    public void A_sweep_finds_each_violation_that_nothing_repairs(ViolationKind kind, int seeds)
    {
        RunRules rules = RunRules.Original with { Counts = found => found == kind };
        SweepReport report = Sweep.Run(new Seed(1), seeds, rules, cancellationToken: TestContext.Current.CancellationToken);
        output.WriteLine($"{report.ViolationsByKind.GetValueOrDefault(kind)} of {seeds} seeds, the first is {report.Violations.FirstOrDefault()?.Plan.Seed}");
        Assert.NotEmpty(report.Violations);
    }

    [Fact]
    public void A_violation_is_shrunk_to_a_transcript_that_shows_it()
    {
        ShrunkFailure small = Shrinker.Shrink(PlanDrawer.Draw(new Seed(2)), RunRules.Original, OriginalProtocol.Name);
        output.WriteLine(small.Report.Text);
        Assert.Contains("chord sim replay --seed 2 --variant original", small.Report.Text);
        Assert.InRange(small.Plan.Faults.Length, 1, 4);
        Assert.NotNull(small.Transcript);
        output.WriteLine(small.Transcript);
        Assert.Equal(new Transcript(small.Transcript), new Transcript(small.Transcript).Replay());
        Assert.Contains("the ring is not valid", small.Transcript);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void A_search_for_a_smaller_run_can_be_given_up(int runs)
    {
        using var givenUp = new CancellationTokenSource();
        int begun = 0;
        RunRules rules = RunRules.Original with
        {
            Cancellation = givenUp.Token,
            Observer = _ =>
            {
                if (++begun == runs)
                    givenUp.Cancel();
                return null;
            },
        };
        Assert.Throws<OperationCanceledException>(() => Shrinker.Shrink(PlanDrawer.Draw(new Seed(2)), rules, OriginalProtocol.Name));
        Assert.Equal(runs, begun);
    }

    [Fact]
    public void A_fingerprint_is_that_of_the_kind_and_not_of_the_seed()
    {
        RunRules stranded = RunRules.Original with { Counts = found => found == ViolationKind.StrandedAppendage };
        SweepReport report = Sweep.Run(new Seed(1), 200, stranded, cancellationToken: TestContext.Current.CancellationToken);
        string[] prints = [.. report.Violations.Select(outcome => FailureReport.Of(outcome.Plan, stranded, OriginalProtocol.Name)!.Fingerprint)];
        Assert.All(prints, print => Assert.StartsWith("StrandedAppendage-", print));
        Assert.InRange(prints.Distinct().Count(), 1, 4);
        Assert.InRange(prints.Length, 5, 200);
    }

    [Fact]
    public void A_run_that_violates_nothing_has_no_failure_report() =>
        Assert.Null(FailureReport.Of(PlanDrawer.Draw(new Seed(1)), RunRules.Production));
}
