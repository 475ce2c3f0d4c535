using System.Globalization;

namespace ChordAspire.Observatory;

public enum HappeningKind
{
    Join,
    Leave,
    Failure,
    Repair,
    Lookup,

    /// <summary>Said by whoever recorded a run.</summary>
    Note,
}

/// <summary>Something that happened in the ring.</summary>
/// <param name="Duration">Of a repair or a lookup.</param>
public sealed record Happening(DateTimeOffset Time, HappeningKind Kind, string Text, TimeSpan? Duration = null)
{
    /// <summary>What it means that a peer, which stood so before, stands so now; null where it means nothing.</summary>
    public static Happening? OfStanding(DateTimeOffset time, Standing? was, Standing now, string name)
    {
        if (was == now)
            return null;
        if (now.IsInRing() && (was is null or Standing.Joining or Standing.Dead or Standing.Left))
            return new Happening(time, HappeningKind.Join, was == Standing.Dead ? $"{name} answers again" : $"{name} is in the ring");
        if (now == Standing.Dead)
            return new Happening(time, HappeningKind.Failure, $"{name} fell silent");
        return now == Standing.Leaving || (now == Standing.Left && was is not Standing.Leaving) ? new Happening(time, HappeningKind.Leave, $"{name} leaves") : null;
    }

    /// <summary>The ring is as it should be again.</summary>
    public static Happening OfRepair(DateTimeOffset broken, DateTimeOffset now) =>
        new(now, HappeningKind.Repair, string.Create(CultureInfo.InvariantCulture, $"ring ideal again after {(now - broken).TotalSeconds:0.0} s"), now - broken);
}

/// <summary>From this moment on it was so.</summary>
/// <param name="UnderReplicated">Peers that own objects of which copies may be missing.</param>
public readonly record struct CoursePoint(DateTimeOffset Time, bool IsIdeal, int UnderReplicated);
