namespace ChordAspire.Simulation;

/// <summary>How long a message takes from one host to another, one way.</summary>
public abstract class LatencyModel
{
    /// <summary>One draw for one message. Hosts are indices in the run.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="chance">The sender's generator for the network.</param>
    public abstract TimeSpan OneWay(int from, int to, Chance chance);
}

/// <summary>Always the same.</summary>
public sealed class ConstantLatency(TimeSpan oneWay) : LatencyModel
{
    public override TimeSpan OneWay(int from, int to, Chance chance) => oneWay;

    public override string ToString() => $"constant {oneWay.TotalMilliseconds} ms";
}

/// <summary>Uniform between two bounds: with bounds below the shortest timeout, nobody alive is ever found silent.</summary>
public sealed class UniformLatency(TimeSpan min, TimeSpan max) : LatencyModel
{
    public override TimeSpan OneWay(int from, int to, Chance chance) => chance.Uniform(min, max);

    public override string ToString() => $"uniform {min.TotalMilliseconds} to {max.TotalMilliseconds} ms";
}

/// <summary>Exponentially distributed, anew for each message: the network of ToN 2003 §V-E has a mean of 50 ms.</summary>
public sealed class ExponentialLatency(TimeSpan mean) : LatencyModel
{
    public override TimeSpan OneWay(int from, int to, Chance chance) => chance.Exponential(mean);

    public override string ToString() => $"exponential, mean {mean.TotalMilliseconds} ms";
}

/// <summary>Hosts are points in a cube, latency is distance (ToN 2003 §V-F, 3-d space). Each host's point comes from the seed and its index.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="diagonal">The latency between opposite corners of the cube.</param>
public sealed class SpaceLatency(Seed seed, TimeSpan diagonal) : LatencyModel
{
    private readonly List<(double X, double Y, double Z)> _points = [];

    public override TimeSpan OneWay(int from, int to, Chance chance)
    {
        (double x, double y, double z) = PointOf(from);
        (double toX, double toY, double toZ) = PointOf(to);
        double square = ((x - toX) * (x - toX)) + ((y - toY) * (y - toY)) + ((z - toZ) * (z - toZ));
        return new TimeSpan((long)(diagonal.Ticks * Math.Sqrt(square / 3)));
    }

    public override string ToString() => $"points in a cube, {diagonal.TotalMilliseconds} ms from corner to corner";

    private (double X, double Y, double Z) PointOf(int host)
    {
        while (_points.Count <= host)
        {
            Chance place = seed.For(ChanceUse.Places, _points.Count);
            _points.Add((place.NextDouble(), place.NextDouble(), place.NextDouble()));
        }
        return _points[host];
    }
}
