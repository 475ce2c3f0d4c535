namespace ChordAspire.Protocol;

/// <summary>Where a peer stands in its own life.</summary>
public enum MemberPhase
{
    /// <summary>Started, part of no ring.</summary>
    Outside,

    /// <summary>Looking for its place. It answers no question about its neighbours: to the others it is not there yet.</summary>
    Joining,

    /// <summary>Part of the ring, or an appendage on its way into it.</summary>
    Member,

    /// <summary>Still part of the ring, handing over what it owns.</summary>
    Leaving,

    /// <summary>Gone for good, its neighbours told.</summary>
    Left,
}
