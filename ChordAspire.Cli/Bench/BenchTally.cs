using System.Collections.Concurrent;
using HdrHistogram;

namespace ChordAspire.Cli.Bench;

/// <summary>
/// What a run has measured. Latencies, hops and errors are of the requests that begin within the measured time, however long they take; how many a second the
/// ring answers is told by those that end within it, whenever they began: what a ring answers later is not what it does in that time. From any thread.
/// </summary>
/// <param name="from">When the measured time begins, since the beginning of the run.</param>
/// <param name="until">When it ends.</param>
internal sealed class BenchTally(TimeSpan from, TimeSpan until)
{
    /// <summary>Of latencies, in microseconds: three digits are kept, up to an hour.</summary>
    private const long LongestMicroseconds = 3_600_000_000;
    private const int MostHops = 1 << 12;
    private const int Digits = 3;

    private readonly LongConcurrentHistogram _latencies = new(1, LongestMicroseconds, Digits);
    private readonly LongConcurrentHistogram _hops = new(1, MostHops, Digits);
    private readonly ConcurrentDictionary<string, long> _errors = new();
    private long _answeredWithin;

    /// <summary>Of the measurement.</summary>
    public TimeSpan Duration => until - from;

    /// <summary>Answers a second, over the measured time.</summary>
    public double PerSecond => Volatile.Read(ref _answeredWithin) / Duration.TotalSeconds;

    public HistogramBase Latencies => _latencies;

    /// <summary>Empty where nobody counts hops. One more than there were, since a histogram begins at 1.</summary>
    public HistogramBase Hops => _hops;

    /// <summary>How many failed, by reason.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    /// <param name="begun">Since the beginning of the run, as <paramref name="ended"/>.</param>
    public void Done(TimeSpan begun, TimeSpan ended, int? hops)
    {
        if (IsMeasured(ended))
            Interlocked.Increment(ref _answeredWithin);
        if (!IsMeasured(begun))
            return;
        _latencies.RecordValue(Math.Clamp((long)(ended - begun).TotalMicroseconds, 1, LongestMicroseconds));
        if (hops is { } counted)
            _hops.RecordValue(Math.Clamp(counted + 1, 1, MostHops));
    }

    /// <param name="begun">Since the beginning of the run.</param>
    public void Failed(TimeSpan begun, string reason)
    {
        if (IsMeasured(begun))
            _errors.AddOrUpdate(reason, 1, static (_, count) => count + 1);
    }

    private bool IsMeasured(TimeSpan moment) => moment >= from && moment < until;
}
