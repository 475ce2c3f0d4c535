using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Finds places among peers that stand in the order of their identifiers.</summary>
internal static class PlaceInOrder
{
    /// <summary>The place of the first at or after this identifier; the count when there is none.</summary>
    public static int Of(Identifier id, ReadOnlySpan<PeerState> sorted) => ~sorted.BinarySearch(new Sought(id));

    /// <inheritdoc cref="Of(Identifier, ReadOnlySpan{PeerState})"/>
    public static int Of(Identifier id, ReadOnlySpan<SimulatedPeer> sorted) => ~sorted.BinarySearch(new Sought(id));

    /// <inheritdoc cref="Of(Identifier, ReadOnlySpan{PeerState})"/>
    public static int Of(Identifier id, ReadOnlySpan<PeerRef> sorted) => ~sorted.BinarySearch(new Sought(id));

    /// <summary>Lies just before its identifier, so that it is never found, and the search ends at the place where it would stand.</summary>
    private readonly struct Sought(Identifier id) : IComparable<PeerState>, IComparable<SimulatedPeer>, IComparable<PeerRef>
    {
        public int CompareTo(PeerState? other) => Compare(other!.Self.Id);

        public int CompareTo(SimulatedPeer? other) => Compare(other!.Self.Id);

        public int CompareTo(PeerRef? other) => Compare(other!.Id);

        private int Compare(in Identifier other) => other < id ? 1 : -1;
    }
}
