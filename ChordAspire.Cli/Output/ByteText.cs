namespace ChordAspire.Cli;

/// <summary>Sizes for people.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Three digits and a unit, in thousands: <c>12.3 MB</c>.</summary>
    public static string Of(double bytes)
    {
        if (bytes < 1000)
            return FormattableString.Invariant($"{bytes:0} {(bytes == 1 ? "byte" : "bytes")}");
        int unit = -1;
        // What would be rounded to four digits belongs to the next unit.
        while (bytes >= 999.5 && unit < Units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }
        return FormattableString.Invariant($"{bytes.ToString(bytes < 9.995 ? "0.00" : bytes < 99.95 ? "0.0" : "0", System.Globalization.CultureInfo.InvariantCulture)} {Units[unit]}");
    }
}
