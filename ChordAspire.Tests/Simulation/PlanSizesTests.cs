using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

public sealed class PlanSizesTests
{
    [Theory]
    [InlineData("6-12", 6, 12)]
    [InlineData("5-64", 5, 64)]
    [InlineData("9", 9, 9)]
    public void Sizes_are_read_as_they_are_written(string text, int min, int max)
    {
        Assert.True(PlanSizes.TryParse(text, out PlanSizes sizes));
        Assert.Equal(new PlanSizes(min, max), sizes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4-12")]
    [InlineData("6-65")]
    [InlineData("12-6")]
    [InlineData("6-12-18")]
    [InlineData("-6")]
    [InlineData("six")]
    public void Others_are_refused(string text) => Assert.False(PlanSizes.TryParse(text, out _));

    [Fact]
    public void Runs_have_as_many_peers_as_was_asked_for()
    {
        var sizes = new PlanSizes(13, 20);
        int[] drawn = [.. Enumerable.Range(1, 300).Select(seed => PlanDrawer.Draw(new Seed((ulong)seed), sizes).Peers.Length).Distinct().Order()];
        Assert.Equal(Enumerable.Range(13, 8), drawn);
    }

    [Fact]
    public void In_every_other_run_clocks_are_off_by_up_to_a_twentieth()
    {
        RunPlan[] plans = [.. Enumerable.Range(1, 400).Select(seed => PlanDrawer.Draw(new Seed((ulong)seed)))];
        double[] rates = [.. plans.SelectMany(plan => plan.ClockRates)];
        Assert.InRange(plans.Count(plan => plan.ClockRates.IsEmpty), 150, 250);
        Assert.All(plans, plan => Assert.True(plan.ClockRates.IsEmpty || plan.ClockRates.Length == plan.Peers.Length));
        Assert.InRange(rates.Min(), 0.95, 0.951);
        Assert.InRange(rates.Max(), 1.049, 1.05);
    }
}
