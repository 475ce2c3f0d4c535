namespace ChordAspire.Simulation;

/// <summary>Latencies between pairs of hosts spread as between name servers on the Internet, fixed for each pair.</summary>
/// <remarks>
/// The measured table (King; Gummadi, Saroiu and Gribble, IMW 2002) is not in this repository. Its median round trip among the hosts commonly simulated is
/// 156 ms (Li et al., INFOCOM 2005). Around that median the pairs lie log-normally here, with a spread that we chose: a tenth is below 0.36, a tenth
/// above 2.8 times the median. A pair's latency comes from the seed and the pair alone, so there is no table to keep; the triangle inequality does not hold,
/// as it does not in the measured one.
/// </remarks>
public sealed class KingLatency(Seed seed, TimeSpan medianRoundTrip) : LatencyModel
{
    private const double Spread = 0.8;
    private readonly ulong _salt = seed.For(ChanceUse.Places, -1).NextBits();

    public KingLatency(Seed seed) : this(seed, TimeSpan.FromMilliseconds(156))
    {
    }

    public override TimeSpan OneWay(int from, int to, Chance chance)
    {
        if (from == to)
            return TimeSpan.Zero;
        ulong pair = ((ulong)(uint)Math.Min(from, to) << 32) | (uint)Math.Max(from, to);
        ulong state = SplitMix64.Mix(pair ^ _salt);
        // The sum of twelve uniform numbers less 6 is normal enough (Irwin-Hall), and needs no function that differs between machines.
        double normal = -6;
        for (int i = 0; i < 12; i++)
            normal += (SplitMix64.Next(ref state) >> 11) * (1.0 / (1ul << 53));
        return new TimeSpan((long)(medianRoundTrip.Ticks / 2 * PortableMath.Exp(Spread * normal)));
    }

    public override string ToString() => $"king-like, median round trip {medianRoundTrip.TotalMilliseconds} ms";
}
