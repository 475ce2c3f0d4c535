using System.Globalization;

namespace ChordAspire.Observatory;

/// <summary>Words and numbers for people.</summary>
internal static class Standings
{
    public static string Word(Standing standing) => standing switch
    {
        Standing.Member => "member",
        Standing.Appendage => "appendage",
        Standing.Joining => "joining",
        Standing.Leaving => "leaving",
        Standing.Left => "left",
        Standing.Dead => "dead",
        _ => "seed peer",
    };

    /// <summary>Whether such a peer answers for a place on the ring.</summary>
    public static bool IsInRing(this Standing standing) => standing is Standing.Member or Standing.Appendage or Standing.Leaving or Standing.Seed;

    public static string Objects(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "object" : "objects")}");

    /// <summary>Bytes, with the unit that fits.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
    };
}
