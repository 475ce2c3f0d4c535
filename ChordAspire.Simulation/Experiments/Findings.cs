using System.Collections.Immutable;

namespace ChordAspire.Simulation.Experiments;

/// <summary>What an experiment found.</summary>
/// <param name="Notes">Sentences: where the outcome differs from the paper, and why.</param>
public sealed record Findings(ImmutableArray<FindingRow> Rows, ImmutableArray<Chart> Charts, ImmutableArray<string> Notes);

/// <summary>One number, beside the paper's and that of the best published reproduction.</summary>
/// <param name="Row">The paper's row, such as "N = 1024".</param>
/// <param name="Quantity">What was measured, with its unit.</param>
/// <param name="Paper">Null: the paper has none.</param>
/// <param name="Best">Of the best published reproduction; null: there is none.</param>
/// <param name="Tolerance">Null: the number is reported, and nothing is claimed of it.</param>
public sealed record FindingRow(string Row, string Quantity, Value? Paper, Value Ours, Value? Best, Tolerance? Tolerance)
{
    public Verdict Verdict => Tolerance is null ? Verdict.Reported : Tolerance.Allows(Ours.Number) ? Verdict.Inside : Verdict.Outside;
}

public enum Verdict
{
    /// <summary>There is no tolerance to hold it against.</summary>
    Reported,

    Inside,

    Outside,
}

/// <summary>A number, and where it helps how far the sample spreads, such as its first and 99th percentile.</summary>
public readonly record struct Value(double Number, string? Spread = null)
{
    public static implicit operator Value(double number) => new(number);

    /// <summary>Mean, with first and 99th percentile.</summary>
    public static Value MeanOf(Distribution sample) => new(sample.Mean, FormattableString.Invariant($"({sample.At(0.01):0.##}, {sample.At(0.99):0.##})"));

    /// <summary>Median, with 10th and 90th percentile.</summary>
    public static Value MedianOf(Distribution sample) => new(sample.Median, FormattableString.Invariant($"({sample.At(0.1):0.#}, {sample.At(0.9):0.#})"));

    public override string ToString() => FormattableString.Invariant($"{Shorten(Number)}{(Spread is null ? "" : " " + Spread)}");

    private static string Shorten(double number) => Math.Abs(number) switch
    {
        double.NaN => "none",
        >= 1000 => FormattableString.Invariant($"{number:#,0}"),
        >= 100 => FormattableString.Invariant($"{number:0.#}"),
        < 0.1 and > 0 => FormattableString.Invariant($"{number:0.0###}"),
        _ => FormattableString.Invariant($"{number:0.##}"),
    };
}

/// <summary>What a number may be, both ends included, and why just that.</summary>
public sealed record Tolerance(double Min, double Max, string Reason)
{
    public static Tolerance Around(double middle, double give, string reason) => new(middle - give, middle + give, reason);

    /// <summary>Less is better.</summary>
    public static Tolerance AtMost(double max, string reason) => new(double.NegativeInfinity, max, reason);

    public bool Allows(double number) => number >= Min && number <= Max;

    public override string ToString() => double.IsNegativeInfinity(Min)
        ? FormattableString.Invariant($"at most {Max:0.####}")
        : FormattableString.Invariant($"{Min:0.####} to {Max:0.####}");
}

/// <summary>A plot.</summary>
public sealed record Chart(string Title, string X, string Y, ImmutableArray<ChartSeries> Series, bool LogX = false, bool LogY = false);

/// <summary>One line or set of points of a plot.</summary>
public sealed record ChartSeries(string Name, ChartStyle Style, ImmutableArray<ChartPoint> Points);

public readonly record struct ChartPoint(double X, double Y);

public enum ChartStyle
{
    /// <summary>What was measured here: a line with marks.</summary>
    Ours,

    /// <summary>What the paper has: marks alone.</summary>
    Paper,

    /// <summary>More of ours, such as percentiles: a thin line.</summary>
    Aside,
}
