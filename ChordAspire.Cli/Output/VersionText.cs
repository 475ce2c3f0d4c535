using System.Globalization;
using ChordAspire.Protocol;

namespace ChordAspire.Cli;

/// <summary>Versions for people.</summary>
internal static class VersionText
{
    /// <summary>When it was stored, by the owner's clock: <c>2026-11-25T21:54:38.123Z</c>.</summary>
    public static string TimeOf(ObjectVersion version) =>
        // A stamp can lie beyond all dates, where a clock was wrong once: each write is stamped above the one before it.
        version.Stamp <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(version.Stamp).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : version.Stamp.ToString(CultureInfo.InvariantCulture);
}
