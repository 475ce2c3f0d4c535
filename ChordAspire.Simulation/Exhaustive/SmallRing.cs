namespace ChordAspire.Simulation;

/// <summary>A whole ring of up to six peers in 16 bytes: for each place on the circle the number of its local state, and whom it has yet to notify.</summary>
/// <param name="Locals">Six numbers of 16 bits; 0: not a member.</param>
internal readonly record struct SmallRing(UInt128 Locals)
{
    public const int MaxPeers = 6;
    private const int LocalBits = 16;
    private const int NoticeBits = 4;
    private const int NoticesAt = MaxPeers * LocalBits;

    public int this[int place] => (int)((uint)(Locals >> (place * LocalBits)) & 0xffff);

    /// <summary>The place that the peer here has yet to notify; -1: nobody.</summary>
    public int NoticeOf(int place) => (int)((uint)(Locals >> (NoticesAt + (place * NoticeBits))) & 0xf) - 1;

    public SmallRing With(int place, int local)
    {
        int shift = place * LocalBits;
        return new SmallRing((Locals & ~((UInt128)0xffff << shift)) | ((UInt128)(uint)local << shift));
    }

    public SmallRing WithNotice(int place, int to)
    {
        int shift = NoticesAt + (place * NoticeBits);
        return new SmallRing((Locals & ~((UInt128)0xf << shift)) | ((UInt128)(uint)(to + 1) << shift));
    }
}

/// <summary>One atomic step of the exhaustive check: what happened to whom.</summary>
/// <param name="Turns">How far the ring was turned afterwards.</param>
internal readonly record struct SmallStep(SmallStepKind Kind, byte Place, byte Other, byte Turns = 0)
{
    /// <summary>The same step as seen from so many places further back.</summary>
    public SmallStep Seen(int turns, int places) => this with { Place = (byte)((Place + turns) % places), Other = (byte)((Other + turns) % places) };

    public override string ToString() => Kind switch
    {
        SmallStepKind.Ask => $"{Place} goes on stabilizing",
        SmallStepKind.Notify => $"{Other} is notified by {Place}",
        SmallStepKind.Join => $"{Place} joins behind {Other}",
        _ => $"{Place} {Kind.ToString().ToLowerInvariant()}s",
    };
}

internal enum SmallStepKind : byte
{
    Start,

    /// <summary>The stabilize timer rings, and the first question is answered.</summary>
    Stabilize,

    /// <summary>The question under way is answered.</summary>
    Ask,

    /// <summary>The other timer rings: reconcile and flush of the original protocol.</summary>
    Reconcile,

    Notify,

    Join,

    Fail,
}
