using System.Globalization;

namespace ChordAspire.Simulation;

/// <summary>How many peers take part in the runs that are drawn, the least and the most. A seed means another run with other sizes.</summary>
public readonly record struct PlanSizes(int Min, int Max)
{
    /// <summary>r + 1 of them at the start with the larger r, and one that joins.</summary>
    public const int Least = 5;

    public const int Most = 64;

    public static PlanSizes Default { get; } = new(6, 12);

    /// <summary>Reads <c>MIN-MAX</c>, or one number for both; false where it is neither or out of bounds.</summary>
    public static bool TryParse(string text, out PlanSizes sizes)
    {
        string[] ends = text.Split('-');
        sizes = default;
        if (ends.Length > 2 || !IsNumber(ends[0], out int min) || !IsNumber(ends[^1], out int max) || min < Least || max > Most || min > max)
            return false;
        sizes = new PlanSizes(min, max);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Min}-{Max}");

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
