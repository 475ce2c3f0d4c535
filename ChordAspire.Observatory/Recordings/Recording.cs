using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Observatory;

/// <summary>A run of the simulator, written down by <c>chord sim run --record</c>: what changed when, and what came of it.</summary>
/// <remarks>Moments of the run are times of the year 1970: the page has one kind of time only.</remarks>
public sealed record Recording
{
    /// <summary>Larger files are not opened.</summary>
    public const long MaxBytes = 128L * 1024 * 1024;

    /// <summary>What run it is, for people.</summary>
    public required string Title { get; init; }

    /// <summary>How it ended, for people; null where the file does not say.</summary>
    public required string? Verdict { get; init; }

    public required ChordParameters Parameters { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>In the order of time.</summary>
    public required ImmutableArray<RecordedChange> Changes { get; init; }

    /// <summary>In the order of their ends.</summary>
    public required ImmutableArray<RecordedLookup> Lookups { get; init; }

    /// <summary>In the order of time.</summary>
    public required ImmutableArray<Happening> Happenings { get; init; }

    /// <summary>For the strip: from when on the ring was ideal, and from when on it was not.</summary>
    public required ImmutableArray<CoursePoint> Course { get; init; }

    public static DateTimeOffset TimeOf(TimeSpan moment) => DateTimeOffset.UnixEpoch + moment;
}

/// <summary>A peer became so.</summary>
/// <param name="Peer">Its number in the file.</param>
public readonly record struct RecordedChange(TimeSpan At, int Peer, HeardPeer Now);

/// <summary>A lookup that ended.</summary>
/// <param name="Took">From its beginning.</param>
public readonly record struct RecordedLookup(TimeSpan At, TimeSpan Took, LookupWalk Walk);
