namespace ChordAspire.Simulation;

/// <summary>Logarithm and exponential that give the same bits on every machine.</summary>
/// <remarks>
/// The ones of the run-time library may differ in the last place between processors and systems, and one such place changes a whole run. These use only
/// operations that IEEE 754 rounds exactly. They are right to about 1e-15, relatively.
/// </remarks>
internal static class PortableMath
{
    private const double Ln2 = 0.6931471805599453;
    private const double Sqrt2 = 1.4142135623730951;
    private const long ExponentBias = 1023;

    private static ReadOnlySpan<double> OddParts =>
        [1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1.0];

    /// <summary>Natural logarithm of a positive, normal number: ln(m 2^e) = e ln 2 + 2 artanh((m - 1) / (m + 1)).</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = ((bits >> 52) & 0x7ff) - ExponentBias;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0xfffffffffffff) | (ExponentBias << 52));
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }
        double z = (mantissa - 1) / (mantissa + 1);
        double square = z * z;
        // |z| <= 0.172: eleven terms of the series leave less than 1e-18.
        double sum = 0;
        foreach (double part in OddParts)
            sum = (sum * square) + part;
        return (exponent * Ln2) + (2 * z * sum);
    }

    /// <summary>e^x for x from -700 to 700: e^x = 2^k e^r with |r| at most half of ln 2.</summary>
    public static double Exp(double x)
    {
        double clamped = Math.Clamp(x, -700, 700);
        long power = (long)Math.Floor((clamped / Ln2) + 0.5);
        double rest = clamped - (power * Ln2);
        // |rest| <= 0.347: sixteen terms leave less than 1e-20.
        double sum = 1;
        for (int n = 16; n >= 1; n--)
            sum = 1 + (sum * rest / n);
        return sum * BitConverter.Int64BitsToDouble((power + ExponentBias) << 52);
    }
}
