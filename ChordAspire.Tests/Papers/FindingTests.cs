using ChordAspire.Simulation;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Tests.Papers;

public sealed class FindingTests
{
    [Theory]
    [InlineData(4.89, Verdict.Outside)]
    [InlineData(4.9, Verdict.Inside)]
    [InlineData(5.1, Verdict.Inside)]
    [InlineData(5.11, Verdict.Outside)]
    [InlineData(double.NaN, Verdict.Outside)]
    public void A_tolerance_includes_its_ends(double ours, Verdict verdict) =>
        Assert.Equal(verdict, RowOf(ours, new Tolerance(4.9, 5.1, "as said")).Verdict);

    [Fact]
    public void A_number_without_a_tolerance_is_reported() => Assert.Equal(Verdict.Reported, RowOf(7, tolerance: null).Verdict);

    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(0.01, 1)]
    [InlineData(0.99, 10)]
    [InlineData(1, 10)]
    public void A_percentile_is_a_member_of_the_sample(double part, double expected) =>
        Assert.Equal(expected, new Distribution([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).At(part));

    [Fact]
    public void An_empty_sample_has_no_mean() => Assert.True(double.IsNaN(new Distribution([]).Mean));

    [Fact]
    public void The_standard_deviation_is_that_of_a_sample() => Assert.Equal(Math.Sqrt(2.5), new Distribution([1, 2, 3, 4, 5]).StandardDeviation, precision: 12);

    private static FindingRow RowOf(double ours, Tolerance? tolerance) => new("N = 1", "hops", Paper: 5, ours, Best: null, tolerance);
}
