using ChordAspire.Simulation;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Tests.Papers;

/// <summary>Small versions of the experiments, held to the same tolerances as the large ones of <c>chord sim paper</c>.</summary>
public sealed class PaperTests(ITestOutputHelper output)
{
    private static readonly Seed Seed = new(1);

    public static TheoryData<string> Experiments => [.. PaperExperiments.Quick.Select(experiment => experiment.Id)];

    [Theory, MemberData(nameof(Experiments))]
    public void Numbers_lie_inside_their_tolerances(string id)
    {
        Findings findings = Run(id, parallelism: 2);
        foreach (FindingRow row in findings.Rows)
            output.WriteLine($"{row.Row}, {row.Quantity}: paper {row.Paper}, ours {row.Ours}, {row.Verdict} {row.Tolerance}");
        Assert.All(findings.Rows, row => Assert.True(row.Verdict != Verdict.Outside, $"{row.Row}, {row.Quantity}: {row.Ours}, wanted {row.Tolerance}"));
    }

    [Theory]
    [InlineData("table2")]
    [InlineData("fig12")]
    public void The_same_seed_finds_the_same_however_many_cores_there_are(string id) =>
        Assert.Equal(Run(id, parallelism: 1).Rows, Run(id, parallelism: 4).Rows);

    [Fact]
    public void Another_seed_finds_another_sample() =>
        Assert.NotEqual(Of("fig8").Run(new ExperimentRun(new Seed(2), 2)).Rows, Run("fig8", parallelism: 2).Rows);

    [Fact]
    public void No_lookup_fails_with_half_of_all_peers_dead()
    {
        FindingRow failed = Assert.Single(Run("table2", parallelism: 2).Rows, row => row is { Row: "p = 0.5", Quantity: "failed of 10,000" });
        Assert.Equal(0, failed.Ours.Number);
    }

    [Fact]
    public void Every_number_of_a_paper_belongs_to_an_experiment() =>
        Assert.All(Published.Keys, key => Assert.Contains(key.Experiment, PaperExperiments.Full.Select(experiment => experiment.Id)));

    [Fact]
    public void The_small_experiments_are_the_large_ones() =>
        Assert.Equal(PaperExperiments.Full.Select(experiment => (experiment.Id, experiment.Title)), PaperExperiments.Quick.Select(experiment => (experiment.Id, experiment.Title)));

    private static Experiment Of(string id) => PaperExperiments.Quick.Single(experiment => experiment.Id == id);

    private static Findings Run(string id, int parallelism) => Of(id).Run(new ExperimentRun(Seed, parallelism));
}
