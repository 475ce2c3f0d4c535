using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>A lookup under way, driven by its asker as the production host does.</summary>
public sealed class LookupRun
{
    internal LookupRun(Lookup lookup, SimulatedPeer asker, LookupPurpose? purpose, Action<LookupRun>? ended, long started)
    {
        Lookup = lookup;
        Asker = asker;
        Purpose = purpose;
        Ended = ended;
        Started = started;
    }

    public SimulatedPeer Asker { get; }

    /// <summary>When it began, in ticks of 100 ns since the beginning of the run.</summary>
    public long Started { get; }

    /// <summary>When it ended, in ticks.</summary>
    public long EndedAt { get; internal set; }

    /// <summary>What came of it; null where the asker died before.</summary>
    public LookupOutcome? Outcome => Lookup.Outcome;

    /// <summary>From its beginning to its end.</summary>
    public TimeSpan Duration => new(EndedAt - Started);

    public Identifier Key => Lookup.Key;

    internal Lookup Lookup { get; }

    /// <summary>What the protocol wants it for; null for a client's.</summary>
    internal LookupPurpose? Purpose { get; }

    internal Action<LookupRun>? Ended { get; }

    internal int Attempt { get; set; } = 1;
}
