using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>How much a peer holds.</summary>
/// <param name="Objects">Copies on its disk.</param>
/// <param name="Bytes">Of their content.</param>
internal readonly record struct HeldCount(long Objects, long Bytes)
{
    /// <summary>Null of a peer that does not tell.</summary>
    public static HeldCount? Of(PeerReading peer) => peer.Description is { } told ? new HeldCount(told.ObjectsHeld, told.BytesHeld) : null;

    public override string ToString() => FormattableString.Invariant($"{Objects:#,0} ({ByteText.Of(Bytes)})");
}
