using System.Collections.Immutable;
using ChordAspire.Observatory;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.ObservatoryRoom;

/// <summary>What peers of a small circle might tell.</summary>
internal static class Told
{
    private const int Bits = 8;
    private const int SuccessorListLength = 2;

    public static PeerRef Peer(int id) => new(Identifier.FromUInt64(Bits, (ulong)id), $"127.0.0.1:{10_000 + id}");

    public static HeardPeer By(int id, int? predecessor, params int[] successors) =>
        By(id, MemberPhase.Member, predecessor, successors);

    public static HeardPeer By(int id, MemberPhase phase, int? predecessor, params int[] successors) => new(
        new PeerDescription(
            new PeerView(Peer(id), phase, predecessor is { } before ? Peer(before) : null, new SuccessorList([.. successors.Select(Peer)], spansRing: false)),
            new ChordParameters(Bits, SuccessorListLength), RingReady: true, [], ObjectsHeld: 0, BytesHeld: 0, ObjectsOwned: 0, Replicated: true, ProcessId: 1),
        IsSilent: false, Silence: null);

    public static HeardPeer Silent(HeardPeer peer) => peer with { IsSilent = true, Silence = "no answer" };

    /// <summary>An ideal ring of peers at equal distances.</summary>
    public static ImmutableArray<HeardPeer> Ring(int peers)
    {
        int At(int i) => (i + peers) % peers * (256 / peers);
        return [.. Enumerable.Range(0, peers).Select(i => By(At(i), At(i - 1), At(i + 1), At(i + 2)))];
    }

    public static RingPicture Picture(IReadOnlyCollection<HeardPeer> heard, RingPicture? last = null, DateTimeOffset now = default, params SeedView[] seeds) =>
        PictureMaker.Make(heard, seeds, last ?? RingPicture.Empty, now);
}
