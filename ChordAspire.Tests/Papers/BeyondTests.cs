using ChordAspire.Simulation;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Tests.Papers;

/// <summary>Small versions of the experiments beyond the papers.</summary>
public sealed class BeyondTests(ITestOutputHelper output)
{
    private static readonly Seed Seed = new(1);

    public static TheoryData<string> Experiments => [.. BeyondExperiments.Quick.Select(experiment => experiment.Id)];

    [Theory, MemberData(nameof(Experiments))]
    public void Numbers_lie_inside_their_tolerances(string id)
    {
        Findings findings = Run(id, parallelism: 2);
        foreach (FindingRow row in findings.Rows)
            output.WriteLine($"{row.Row}, {row.Quantity}: {row.Ours}, {row.Verdict} {row.Tolerance}");
        Assert.All(findings.Rows, row => Assert.True(row.Verdict != Verdict.Outside, $"{row.Row}, {row.Quantity}: {row.Ours}, wanted {row.Tolerance}"));
    }

    [Theory]
    [InlineData("cost")]
    [InlineData("partition")]
    public void The_same_seed_finds_the_same_however_many_cores_there_are(string id) =>
        Assert.Equal(Run(id, parallelism: 1).Rows, Run(id, parallelism: 4).Rows);

    [Fact]
    public void The_small_experiments_are_the_large_ones() =>
        Assert.Equal(BeyondExperiments.Full.Select(experiment => (experiment.Id, experiment.Title)), BeyondExperiments.Quick.Select(experiment => (experiment.Id, experiment.Title)));

    [Fact]
    public void Less_maintenance_costs_less_and_loses_more_lookups_where_sessions_are_short()
    {
        Findings findings = Run("cost", parallelism: 2);
        double Of(string every, string quantity) => Number(findings, $"exponential, mean session 1.4 min, stabilize each {every} s", quantity);
        Assert.InRange(Of("8", "bytes per peer and second"), 1, Of("0.4", "bytes per peer and second") / 5);
        Assert.InRange(Of("8", "failed lookups"), Of("0.4", "failed lookups") + 0.1, 1);
    }

    [Theory]
    [InlineData("random halves")]
    [InlineData("random halves, one way")]
    [InlineData("two arcs")]
    public void A_ring_comes_back_from_a_short_cut_and_stays_two_rings_after_a_long_one(string halves)
    {
        Findings findings = Run("partition", parallelism: 2);
        Assert.Equal(1, Number(findings, $"40 peers, {halves}, 0.5 s", "part of rings that were ideal again"));
        Assert.Equal(0, Number(findings, $"40 peers, {halves}, 0.5 s", "failed lookups afterwards"), 0.01);
        Assert.Equal(0, Number(findings, $"40 peers, {halves}, 30 s", "part of rings that were ideal again"));
        Assert.Equal(2, Number(findings, $"40 peers, {halves}, 30 s", "rings in the end, at most"));
        Assert.InRange(Number(findings, $"40 peers, {halves}, 30 s", "failed lookups afterwards"), 0.4, 0.6);
    }

    private static double Number(Findings findings, string row, string quantity) =>
        Assert.Single(findings.Rows, one => one.Row == row && one.Quantity == quantity).Ours.Number;

    private static Findings Run(string id, int parallelism) => BeyondExperiments.Quick.Single(experiment => experiment.Id == id).Run(new ExperimentRun(Seed, parallelism));
}
