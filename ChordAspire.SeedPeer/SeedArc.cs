namespace ChordAspire.SeedPeer;

/// <summary>The two ways in which the seed asks whether an identifier lies between two others.</summary>
internal static class SeedArc
{
    /// <summary>Both ends count: that is why a peer asked for its own identifier names its successor. From a place to itself it is the whole circle.</summary>
    public static bool InRange(int id, int from, int to) => from < to ? id >= from && id <= to : id >= from || id <= to;

    /// <summary>No end counts. From a place to itself it is the whole circle but for that place.</summary>
    public static bool Between(int id, int from, int to) => from < to ? id > from && id < to : id > from || id < to;
}
