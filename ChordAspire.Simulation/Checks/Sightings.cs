namespace ChordAspire.Simulation;

/// <summary>Things that ought to happen now and then when faults are at work. Where one never does, a sweep has not tested what it says.</summary>
public enum Sighting
{
    LookupMetDeadPeer,
    SilentNeighbourDropped,
    StaleNotify,
    PredecessorFoundSilent,
    CrashDuringJoin,
    JoinHadToTryAgain,
    RestartBeforeNoticed,
    RoundTakenBack,
    PeerLeft,
    MessageLost,
    RequestDuplicated,
    MessageHeldUp,
    CallTriedTwice,
    PausedPeerCaughtUp,
    LookupTriedAgain,

    /// <summary>A peer's round began by a clock that is more than one in a hundred fast or slow.</summary>
    ClockDrifted,
}

/// <summary>How often each was seen.</summary>
public sealed class Sightings
{
    private readonly long[] _counts = new long[Enum.GetValues<Sighting>().Length];

    public long this[Sighting sighting] => _counts[(int)sighting];

    /// <summary>Those that were never seen.</summary>
    public IEnumerable<Sighting> Missing => Enum.GetValues<Sighting>().Where(sighting => this[sighting] == 0);

    public void Add(Sightings others)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += others._counts[i];
    }

    internal void Count(Sighting sighting) => _counts[(int)sighting]++;
}
