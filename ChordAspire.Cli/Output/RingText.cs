using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>Words for what a ring is and does: the same in tables, in JSON and in lines.</summary>
internal static class RingText
{
    public static string KindOf(PeerKind kind) => kind == PeerKind.Seed ? "seed" : "peer";

    /// <summary>The phase of its life; <c>silent</c> of one that others name and that does not answer.</summary>
    public static string StateOf(PeerReading peer) => peer.Phase is { } phase ? phase.ToString().ToLowerInvariant() : "silent";

    public static string VerdictOf(RingReading ring) => ring.IsIdeal ? "ideal" : ring.IsValid ? "valid, not ideal" : "not valid";

    /// <summary>A part of the circle in percent.</summary>
    public static string ShareOf(double? share) => share switch
    {
        null => "unknown",
        > 0 and < 0.0005 => "< 0.1 %",
        { } part => FormattableString.Invariant($"{100 * part:0.0} %"),
    };
}
