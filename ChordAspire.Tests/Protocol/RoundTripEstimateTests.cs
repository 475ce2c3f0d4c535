using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

public sealed class RoundTripEstimateTests
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(2);

    [Fact]
    public void Before_the_first_answer_a_peer_is_given_all_the_time_there_is() =>
        Assert.Equal(Max, default(RoundTripEstimate).Timeout(Min, Max));

    [Fact]
    public void The_first_answer_counts_as_mean_with_half_of_it_as_deviation() =>
        Assert.Equal(TimeSpan.FromMilliseconds(10 + (4 * 5)), After(10).Timeout(Min, Max));

    [Fact]
    public void Steady_answers_bring_the_timeout_down_to_their_mean()
    {
        RoundTripEstimate estimate = After([.. Enumerable.Repeat(10, 60)]);
        Assert.InRange(estimate.Timeout(Min, Max), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10.1));
    }

    [Fact]
    public void One_late_answer_raises_the_timeout_above_itself()
    {
        RoundTripEstimate estimate = After([.. Enumerable.Repeat(10, 60), 50]);
        Assert.InRange(estimate.Timeout(Min, Max), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void Answers_that_vary_keep_the_timeout_above_the_slowest()
    {
        RoundTripEstimate estimate = After([.. Enumerable.Range(0, 60).Select(n => n % 2 == 0 ? 10 : 20)]);
        Assert.InRange(estimate.Timeout(Min, Max), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1)]
    public void However_fast_the_answers_the_timeout_stays_above_its_lower_bound(int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(5), After([.. Enumerable.Repeat(milliseconds, 60)]).Timeout(TimeSpan.FromMilliseconds(5), Max));

    [Fact]
    public void However_slow_the_answers_the_timeout_stays_below_its_upper_bound() =>
        Assert.Equal(Max, After(60_000).Timeout(Min, Max));

    private static RoundTripEstimate After(params int[] milliseconds) =>
        milliseconds.Aggregate(default(RoundTripEstimate), (estimate, sample) => estimate.With(TimeSpan.FromMilliseconds(sample)));
}
