namespace ChordAspire.Simulation;

/// <summary>
/// Rings on a circle of three to ten places, each in one number: for each place the number of its cell, which says all of the peer there and of
/// what is under
/// way from it. 0: nobody is there. Cells say where other peers are by their distance, so that turning the circle only moves cells.
/// </summary>
internal sealed class SmallCircle
{
    public const int PlacesMin = 3;
    public const int PlacesMax = 10;
    private const int RingBits = 60;
    private const int CellBitsMax = 12;
    private readonly ulong _cell;
    private readonly ulong _all;

    public SmallCircle(int places)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, PlacesMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(places, PlacesMax);
        Places = places;
        CellBits = Math.Min(RingBits / places, CellBitsMax);
        _cell = (1ul << CellBits) - 1;
        _all = (1ul << (CellBits * places)) - 1;
    }

    public int Places { get; }

    public int CellBits { get; }

    /// <summary>Cell numbers are below this.</summary>
    public int CellsMax => 1 << CellBits;

    public int CellAt(ulong ring, int place) => (int)(ring >> (place * CellBits) & _cell);

    public ulong With(ulong ring, int place, int cell)
    {
        int shift = place * CellBits;
        return (ring & ~(_cell << shift)) | ((ulong)(uint)cell << shift);
    }

    /// <summary>The place so many further round.</summary>
    public int At(int place, int distance) => (place + distance) % Places;

    public int Distance(int from, int to) => (to - from + Places) % Places;

    /// <summary>Places given as bits, as seen from this one: bit d is the place at distance d.</summary>
    public int Seen(int bits, int from) => ((bits >> from) | (bits << (Places - from))) & ((1 << Places) - 1);

    /// <summary>The other way: bits by distance from this place, as places.</summary>
    public int Placed(int seen, int from) => ((seen << from) | (seen >> (Places - from))) & ((1 << Places) - 1);

    /// <summary>Of the ring and what it looks like from other places of the circle, the one with the smallest number stands for all.</summary>
    public ulong Upright(ulong ring)
    {
        ulong smallest = ring;
        ulong turned = ring;
        for (int turn = 1; turn < Places; turn++)
        {
            turned = ((turned << CellBits) | (turned >> (CellBits * (Places - 1)))) & _all;
            smallest = Math.Min(smallest, turned);
        }
        return smallest;
    }
}
