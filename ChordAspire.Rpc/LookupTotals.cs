namespace ChordAspire.Rpc;

/// <summary>Lookups that clients have asked of a peer since its process began.</summary>
/// <param name="Together">How long they took, one added to the other.</param>
public readonly record struct LookupTotals(long Count, TimeSpan Together)
{
    /// <summary>Of one of them; zero where there was none.</summary>
    public TimeSpan Mean => Count > 0 ? Together / Count : TimeSpan.Zero;

    /// <summary>Those between two messages of the same process.</summary>
    public LookupTotals Since(LookupTotals earlier) => new(Count - earlier.Count, Together - earlier.Together);
}
