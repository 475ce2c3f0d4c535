using System.Collections.Immutable;

namespace ChordAspire.Simulation;

/// <summary>A sample, sorted.</summary>
public sealed class Distribution
{
    private readonly ImmutableArray<double> _sorted;

    public Distribution(IEnumerable<double> sample)
    {
        _sorted = [.. sample.Order()];
        // Summed in the order of size, so that the order in which the sample came does not matter.
        Mean = _sorted.IsEmpty ? double.NaN : _sorted.Sum() / _sorted.Length;
    }

    public int Count => _sorted.Length;

    public double Mean { get; }

    public double Median => At(0.5);

    public double Max => At(1);

    /// <summary>Of a sample: the root of the sum of squares over n - 1.</summary>
    public double StandardDeviation => _sorted.Length < 2 ? 0 : Math.Sqrt(_sorted.Sum(value => (value - Mean) * (value - Mean)) / (_sorted.Length - 1));

    /// <summary>The value that this part of the sample lies at or below; not a number where there is no sample.</summary>
    /// <param name="part">0 to 1: 0.99 is the 99th percentile.</param>
    public double At(double part) => _sorted.IsEmpty ? double.NaN : _sorted[Math.Clamp((int)Math.Ceiling(part * _sorted.Length) - 1, 0, _sorted.Length - 1)];

    /// <summary>The part of the sample that is at least this.</summary>
    public Distribution From(double least) => new(_sorted.Where(value => value >= least));

    /// <summary>The part of the sample that has this value, rounded to a whole number.</summary>
    public double PartAt(int value) => _sorted.IsEmpty ? 0 : _sorted.Count(one => (int)Math.Round(one) == value) / (double)_sorted.Length;
}
