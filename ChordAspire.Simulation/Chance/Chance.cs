using System.Numerics;

namespace ChordAspire.Simulation;

/// <summary>A generator of random numbers: xoshiro256** of Blackman and Vigna (<i>Scrambled linear pseudorandom number generators</i>, ACM TOMS 2021).</summary>
/// <remarks>Gives the same numbers on every machine, for only integer operations and exactly rounded ones of IEEE 754 are used. Not thread-safe.</remarks>
public sealed class Chance
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Fills the state from the seed with SplitMix64, as its authors advise.</summary>
    public Chance(ulong seed)
    {
        _s0 = SplitMix64.Next(ref seed);
        _s1 = SplitMix64.Next(ref seed);
        _s2 = SplitMix64.Next(ref seed);
        _s3 = SplitMix64.Next(ref seed);
    }

    internal Chance(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    public ulong NextBits()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            ulong shifted = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= shifted;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>At least 0, less than 1, in steps of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1ul << 53));

    /// <summary>0 to bound - 1. Some numbers are more likely than others by less than bound / 2^32.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(((NextBits() >> 32) * (ulong)bound) >> 32);
    }

    /// <summary>From <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public int Between(int first, int last) => first + Next(last - first + 1);

    /// <summary>Whether something of this probability happens. Nothing is drawn for what never does.</summary>
    public bool Happens(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>Uniform from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public TimeSpan Uniform(TimeSpan min, TimeSpan max) => new(min.Ticks + (long)((max.Ticks - min.Ticks) * NextDouble()));

    /// <summary>Exponentially distributed: the time to the next event of a Poisson process that has one every <paramref name="mean"/>.</summary>
    public TimeSpan Exponential(TimeSpan mean) => new((long)(mean.Ticks * StandardExponential()));

    /// <summary>
    /// Weibull distributed: scale × E^(1/shape). Shapes below 1 have heavy tails: sessions of peers lie between 0.34 and 0.59 (Stutzbach and Rejaie, IMC 2006).
    /// </summary>
    public TimeSpan Weibull(double shape, TimeSpan scale)
    {
        double times = PortableMath.Exp(PortableMath.Log(StandardExponential()) / shape);
        return new TimeSpan((long)Math.Min(scale.Ticks * times, long.MaxValue / 4));
    }

    /// <summary>Exponentially distributed with mean 1; never 0.</summary>
    public double StandardExponential() => -PortableMath.Log(((NextBits() >> 11) + 1) * (1.0 / (1ul << 53))) + double.Epsilon;

    public T Pick<T>(IReadOnlyList<T> all) => all[Next(all.Count)];

    public void Shuffle<T>(Span<T> all)
    {
        for (int i = all.Length - 1; i > 0; i--)
        {
            int other = Next(i + 1);
            (all[i], all[other]) = (all[other], all[i]);
        }
    }
}
