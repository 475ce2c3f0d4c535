using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What of a cell the checks and steps need at every turn; other peers by their distance, or <see cref="None"/>.</summary>
/// <param name="First">The first successor.</param>
/// <param name="Second">The second one.</param>
/// <param name="Skips">A bit for each distance that [self, list] leaves out.</param>
/// <param name="Notice">Whom it has yet to notify.</param>
/// <param name="IsListSound">Whether the list has no duplicates and is in order.</param>
/// <param name="IsAlone">Whether it takes itself for the whole ring.</param>
internal readonly record struct CellFacts(sbyte First, sbyte Second, ushort Skips, sbyte Predecessor, sbyte Notice, bool IsListSound, bool IsAlone)
{
    public const int None = -1;

    /// <param name="state">A state at place 0.</param>
    public static CellFacts Of(PeerState state, int notice, int places)
    {
        int skips = 0;
        Identifier before = state.Self.Id;
        foreach (PeerRef entry in state.Successors.Peers)
        {
            for (int place = 0; place < places; place++)
                skips |= Identifier.FromUInt64(before.Bits, (ulong)place).IsBetween(before, entry.Id) ? 1 << place : 0;
            before = entry.Id;
        }
        return new CellFacts(
            DistanceOf(state.Successors.First),
            DistanceOf(state.Successors.Count > 1 ? state.Successors.Peers[1] : null),
            (ushort)skips,
            DistanceOf(state.Predecessor),
            (sbyte)notice,
            LocalMonitors.NoDuplicates(state) && LocalMonitors.OrderedSuccessorLists(state),
            state.Successors is { Count: 0, SpansRing: true });
    }

    private static sbyte DistanceOf(PeerRef? peer) => peer is null ? (sbyte)None : (sbyte)LocalStates.PlaceOf(peer);
}
