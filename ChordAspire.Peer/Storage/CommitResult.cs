using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>What became of a version that was to be held.</summary>
internal abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>It is on disk.</summary>
    /// <param name="IsNew">False when this very version was held before.</param>
    public sealed record Stored(ObjectEntry Entry, bool IsNew) : CommitResult;

    /// <summary>A higher version is held. Another commit with a stamp above it may follow.</summary>
    public sealed record Superseded(ObjectVersion Held) : CommitResult;
}
