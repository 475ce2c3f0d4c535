using System.Text.Json;
using HdrHistogram;

namespace ChordAspire.Cli.Bench;

/// <summary>What came of a run.</summary>
/// <param name="Operation">What was done.</param>
/// <param name="Clients">Of a closed loop; null in an open one.</param>
/// <param name="Rate">Requests a second of an open loop; null in a closed one.</param>
/// <param name="Size">Bytes of an object; null of lookups.</param>
internal sealed record BenchReport(string Operation, int? Clients, double? Rate, int? Size, BenchTally Tally)
{
    private static readonly (string Name, double Percentile)[] Percentiles = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100)];

    public long Requests => Tally.Latencies.TotalCount;

    public long Errors => Tally.Errors.Values.Sum();

    /// <summary>Why there is nothing to tell; null where there is.</summary>
    public string? WhyNothing => Requests > 0 || Errors > 0
        ? null
        : Rate is { } rate
            ? FormattableString.Invariant($"nothing was measured: at {rate:0.###} a second no request is to begin in the {Tally.Duration.TotalSeconds:0.###} s after the warm-up; take a longer --duration.")
            : FormattableString.Invariant($"nothing was measured: what began in the warm-up took until the {Tally.Duration.TotalSeconds:0.###} s after it were over, so that no request began in them; take a longer --duration.");

    private double Seconds => Tally.Duration.TotalSeconds;

    public string ToJson() => JsonText.Of(json =>
    {
        json.WriteString("operation", Operation);
        json.WriteString("loop", Clients is null ? "open" : "closed");
        if (Clients is { } clients)
            json.WriteNumber("clients", clients);
        if (Rate is { } rate)
            json.WriteNumber("rate", rate);
        if (Size is { } size)
            json.WriteNumber("size", size);
        json.WriteNumber("seconds", Seconds);
        json.WriteNumber("requests", Requests);
        json.WriteNumber("perSecond", Math.Round(Tally.PerSecond, 3));
        json.WriteStartObject("errors");
        foreach ((string reason, long count) in Tally.Errors.OrderBy(error => error.Key, StringComparer.Ordinal))
            json.WriteNumber(reason, count);
        json.WriteEndObject();
        Write(json, "milliseconds", Tally.Latencies, static microseconds => microseconds / 1000.0);
        if (Tally.Hops.TotalCount > 0)
            Write(json, "hops", Tally.Hops, static value => value - 1);
    });

    public void Write(TextWriter text)
    {
        string load = Clients is { } clients
            ? FormattableString.Invariant($"{clients} {(clients == 1 ? "client" : "clients")}, closed loop")
            : FormattableString.Invariant($"{Rate:0.###} a second, open loop, from the intended start");
        text.WriteLine($"{Operation}{(Size is { } size ? $" of {ByteText.Of(size)}" : "")}: {load}");
        text.WriteLine(FormattableString.Invariant($"requests  {Requests:#,0} begun in {Seconds:0.###} s and answered; {Tally.PerSecond:#,0.0} answers a second"));
        text.WriteLine(Errors == 0
            ? "errors    none"
            : FormattableString.Invariant($"errors    {Errors:#,0}: {string.Join(", ", Tally.Errors.OrderBy(error => error.Key, StringComparer.Ordinal).Select(error => FormattableString.Invariant($"{error.Value:#,0} {error.Key}")))}"));
        if (Requests == 0)
            return;
        text.WriteLine($"latency   {Line(Tally.Latencies, static microseconds => FormattableString.Invariant($"{microseconds / 1000.0:0.00} ms"))}");
        if (Tally.Hops.TotalCount > 0)
            text.WriteLine($"hops      {Line(Tally.Hops, static value => FormattableString.Invariant($"{value - 1:0.##}"))}");
    }

    private static string Line(HistogramBase histogram, Func<double, string> textOf) =>
        $"mean {textOf(histogram.GetMean())}, {string.Join(", ", Percentiles.Select(percentile => $"{percentile.Name} {textOf(histogram.GetValueAtPercentile(percentile.Percentile))}"))}";

    private static void Write(Utf8JsonWriter json, string name, HistogramBase histogram, Func<double, double> scale)
    {
        json.WriteStartObject(name);
        bool isEmpty = histogram.TotalCount == 0;
        Number("mean", isEmpty ? null : histogram.GetMean());
        foreach ((string percentile, double share) in Percentiles)
            Number(percentile, isEmpty ? null : histogram.GetValueAtPercentile(share));
        json.WriteEndObject();

        void Number(string member, double? value)
        {
            if (value is { } known)
                json.WriteNumber(member, Math.Round(scale(known), 3));
            else
                json.WriteNull(member);
        }
    }
}
