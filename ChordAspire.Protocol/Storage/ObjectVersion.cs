namespace ChordAspire.Protocol;

/// <summary>Which state of an object counts. Every peer orders any two versions the same way, whoever wrote them and in whatever order they arrive.</summary>
/// <param name="Stamp">
/// The owner's clock in milliseconds since 1970, and always above every version of the object that the owner knows of. What happened after an
/// acknowledged write therefore counts as later, whatever the clocks say.
/// </param>
/// <param name="Deleted">The object is gone; the version stays as its tombstone. Of two versions with one stamp the deletion counts.</param>
/// <param name="Hash">
/// Of the content. Two owners, each believing itself the only one, can give the same stamp; then the higher hash counts, an arbitrary choice that all
/// make alike. The same stamp and hash is the same object.
/// </param>
public readonly record struct ObjectVersion(long Stamp, bool Deleted, ContentHash Hash) : IComparable<ObjectVersion>
{
    /// <summary>The version of a deletion.</summary>
    public static ObjectVersion Tombstone(long stamp) => new(stamp, Deleted: true, default);

    public int CompareTo(ObjectVersion other)
    {
        int order = Stamp.CompareTo(other.Stamp);
        if (order == 0)
            order = Deleted.CompareTo(other.Deleted);
        return order != 0 ? order : Hash.CompareTo(other.Hash);
    }

    /// <summary>The stamp for the next version: the clock's, unless what is there already is as late.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="known">The highest version known; null where there is none.</param>
    public static long NextStamp(long now, ObjectVersion? known) => known is { } version ? Math.Max(now, version.Stamp + 1) : now;

    public static bool operator <(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) < 0;
    public static bool operator >(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) > 0;
    public static bool operator <=(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => Deleted ? $"{Stamp} deleted" : $"{Stamp} {Hash}";
}
