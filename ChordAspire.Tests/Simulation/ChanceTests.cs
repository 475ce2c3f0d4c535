using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

public sealed class ChanceTests
{
    /// <summary>Vectors of the published reference code of SplitMix64 and xoshiro256**.</summary>
    [Fact]
    public void The_generators_give_the_numbers_of_their_authors()
    {
        ulong state = 1234567;
        ulong[] split = [.. Enumerable.Range(0, 5).Select(_ => SplitMix64.Next(ref state))];
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], split);
        var chance = new Chance(1, 2, 3, 4);
        ulong[] scrambled = [.. Enumerable.Range(0, 4).Select(_ => chance.NextBits())];
        Assert.Equal([11520, 0, 1509978240, 1215971899390074240], scrambled);
    }

    [Fact]
    public void Each_use_and_each_peer_has_numbers_of_its_own()
    {
        var seed = new Seed(7);
        ulong[] first =
        [
            .. from use in Enum.GetValues<ChanceUse>()
               from peer in Enumerable.Range(0, 100)
               select seed.For(use, peer).NextBits(),
        ];
        Assert.Equal(first.Length, first.Distinct().Count());
        Assert.Equal(seed.For(ChanceUse.Timers, 3).NextBits(), new Seed(7).For(ChanceUse.Timers, 3).NextBits());
        Assert.NotEqual(seed.For(ChanceUse.Timers, 3).NextBits(), new Seed(8).For(ChanceUse.Timers, 3).NextBits());
    }

    [Fact]
    public void Logarithm_and_exponential_agree_with_the_library()
    {
        var chance = new Chance(1);
        for (int i = 0; i < 10_000; i++)
        {
            double x = chance.NextDouble() * 1000;
            Assert.Equal(Math.Log(x), PortableMath.Log(x), tolerance: 1e-12);
            double exponent = (chance.NextDouble() * 40) - 20;
            Assert.Equal(1, PortableMath.Exp(exponent) / Math.Exp(exponent), tolerance: 1e-12);
        }
    }

    [Fact]
    public void Exponential_times_have_their_mean_and_Weibull_times_theirs()
    {
        var chance = new Chance(2);
        TimeSpan scale = TimeSpan.FromSeconds(10);
        Assert.Equal(10, Mean(() => chance.Exponential(scale)), tolerance: 0.2);
        // The mean of a Weibull distribution is scale × Γ(1 + 1/shape): Γ(3) = 2 at shape 1/2, and Γ(2) = 1 at shape 1.
        Assert.Equal(20, Mean(() => chance.Weibull(0.5, scale)), tolerance: 0.6);
        Assert.Equal(10, Mean(() => chance.Weibull(1, scale)), tolerance: 0.2);
        Assert.Equal(15, Mean(() => chance.Uniform(scale, 2 * scale)), tolerance: 0.1);

        static double Mean(Func<TimeSpan> draw) => Enumerable.Range(0, 50_000).Average(_ => draw().TotalSeconds);
    }

    [Fact]
    public void Whole_numbers_stay_within_their_bounds_and_reach_them()
    {
        var chance = new Chance(3);
        int[] drawn = [.. Enumerable.Range(0, 1000).Select(_ => chance.Between(2, 5))];
        Assert.Equal([2, 3, 4, 5], drawn.Distinct().Order());
        Assert.Equal([0], Enumerable.Range(0, 10).Select(_ => chance.Next(1)).Distinct());
    }
}
