using System.Globalization;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Observatory;

/// <summary>Places on the drawn circle: the identifier 0 at the top, growing clockwise.</summary>
internal static class CirclePlace
{
    /// <summary>The identifier as a part of the circle, from 0 to 1.</summary>
    public static double FractionOf(Identifier id) => RingReading.ShareOfCircle(id);

    public static (double X, double Y) At(double fraction, double radius) =>
        (radius * Math.Sin(2 * Math.PI * fraction), -radius * Math.Cos(2 * Math.PI * fraction));

    /// <summary>Along the circle, clockwise. A whole turn is drawn in two halves, for one has no direction.</summary>
    public static string Arc(double from, double share, double radius)
    {
        if (share >= 0.9999)
            return $"{Arc(from, 0.5, radius)} {Arc(from + 0.5, 0.5, radius)}";
        (double x0, double y0) = At(from, radius);
        (double x1, double y1) = At(from + share, radius);
        return $"M {N(x0)} {N(y0)} A {N(radius)} {N(radius)} 0 {(share > 0.5 ? 1 : 0)} 1 {N(x1)} {N(y1)}";
    }

    /// <summary>Between two places, bent towards the middle.</summary>
    public static string Chord(double from, double to, double radius, double bend)
    {
        (double x0, double y0) = At(from, radius);
        (double x1, double y1) = At(to, radius);
        return $"M {N(x0)} {N(y0)} Q {N((x0 + x1) / 2 * bend)} {N((y0 + y1) / 2 * bend)} {N(x1)} {N(y1)}";
    }

    /// <summary>A shape for each standing, so that none is told by its colour alone.</summary>
    public static string Shape(Standing standing, double size) => standing switch
    {
        Standing.Joining => Polygon(4, size * 1.2, 0),
        Standing.Leaving => Polygon(3, size * 1.25, 0.5),
        Standing.Appendage => Polygon(4, size * 1.25, 0.125),
        Standing.Seed => Polygon(6, size * 1.1, 0),
        Standing.Dead => $"M {N(-size)} {N(-size)} L {N(size)} {N(size)} M {N(-size)} {N(size)} L {N(size)} {N(-size)}",
        _ => $"M {N(-size)} 0 A {N(size)} {N(size)} 0 1 1 {N(size)} 0 A {N(size)} {N(size)} 0 1 1 {N(-size)} 0 Z",
    };

    /// <summary>A number as SVG reads it.</summary>
    public static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Polygon(int corners, double radius, double turn) =>
        "M " + string.Join(" L ", Enumerable.Range(0, corners).Select(i => At(turn + ((double)i / corners), radius)).Select(point => $"{N(point.X)} {N(point.Y)}")) + " Z";
}
