using System.Collections.Concurrent;
using HdrHistogram;

namespace ChordAspire.Cli.Bench;

/// <summary>What a run has measured. From any thread.</summary>
internal sealed class BenchTally
{
    /// <summary>Of latencies, in microseconds: three digits are kept, up to an hour.</summary>
    private const long LongestMicroseconds = 3_600_000_000;
    private const int MostHops = 1 << 12;
    private const int Digits = 3;

    private readonly LongConcurrentHistogram _latencies = new(1, LongestMicroseconds, Digits);
    private readonly LongConcurrentHistogram _hops = new(1, MostHops, Digits);
    private readonly ConcurrentDictionary<string, long> _errors = new();

    public HistogramBase Latencies => _latencies;

    /// <summary>Empty where nobody counts hops. One more than there were, since a histogram begins at 1.</summary>
    public HistogramBase Hops => _hops;

    /// <summary>How many failed, by reason.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    public void Done(TimeSpan latency, int? hops)
    {
        _latencies.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, LongestMicroseconds));
        if (hops is { } counted)
            _hops.RecordValue(Math.Clamp(counted + 1, 1, MostHops));
    }

    public void Failed(string reason) => _errors.AddOrUpdate(reason, 1, static (_, count) => count + 1);
}
