using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>What the protocol tells <see cref="RingEntry"/> about this peer's way into the ring.</summary>
internal abstract record EntrySignal
{
    private EntrySignal()
    {
    }

    public sealed record Joined : EntrySignal;

    public sealed record Failed(JoinFailure Reason, PeerRef? Peer) : EntrySignal;

    public sealed record Seek(ImmutableArray<PeerRef> Contacts) : EntrySignal;
}
