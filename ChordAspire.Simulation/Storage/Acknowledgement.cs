using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>A write that its owner has just acknowledged.</summary>
/// <param name="Began">When the owner began to write; losses before do not count against it.</param>
/// <param name="Holders">Who had it on disk when it was acknowledged, the owner first: as many as the writer was told.</param>
/// <param name="CopiesMax">How many there would have been, had nobody been silent, slow or full.</param>
public sealed record Acknowledgement(Identifier Id, ObjectVersion Version, TimeSpan Began, IReadOnlyList<SimulatedPeer> Holders, int CopiesMax)
{
    /// <summary>What the writer is told. The write survives the loss of all of them but one.</summary>
    public int Copies => Holders.Count;
}
