using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>The next peers clockwise, nearest first, at most r of them; never the peer itself.</summary>
/// <remarks>
/// Zave (TSE 2017) keeps lists at exactly r entries by padding them with artificial identifiers after a failure. Padding only ever stands
/// at the end and is dropped unasked, so a shorter list says the same.
/// A list is also short when the ring has no more than r peers: then it <see cref="SpansRing"/>, which a padded one does not.
/// </remarks>
public sealed class SuccessorList : IEquatable<SuccessorList>
{
    /// <summary>The list of a peer that is alone on the circle.</summary>
    public static SuccessorList Alone { get; } = new([], spansRing: true);

    public SuccessorList(ImmutableArray<PeerRef> peers, bool spansRing)
    {
        Peers = peers;
        SpansRing = spansRing;
    }

    public ImmutableArray<PeerRef> Peers { get; }

    /// <summary>Whether these are all the other peers of the ring, as far as this peer was told.</summary>
    public bool SpansRing { get; }

    public int Count => Peers.Length;

    /// <summary>The successor; null when the list is empty.</summary>
    public PeerRef? First => Peers.IsEmpty ? null : Peers[0];

    /// <summary>The list of <paramref name="self"/> whose successor is <paramref name="head"/>: the head, then the head's own list, cut to r entries.</summary>
    /// <param name="self">Whose list it becomes.</param>
    /// <param name="head">The successor, which has just answered.</param>
    /// <param name="headsList">What the head told.</param>
    /// <param name="length">r.</param>
    /// <param name="disorder">The entry that broke the order, where there was one: the list ends before it.</param>
    public static SuccessorList Behind(PeerRef self, PeerRef head, SuccessorList headsList, int length, out PeerRef? disorder) =>
        Gather(self, head, head, headsList, length, former: null, out disorder);

    /// <summary>The same, but <paramref name="former"/> itself where nothing has changed: in a quiet ring, nearly always.</summary>
    public static SuccessorList Behind(PeerRef self, PeerRef head, SuccessorList headsList, int length, SuccessorList former, out PeerRef? disorder) =>
        Gather(self, head, head, headsList, length, former, out disorder);

    /// <summary>The full list that a joining peer is born with: its predecessor's list, as it stands (Zave 2017, <i>join</i>).</summary>
    public static SuccessorList AtBirth(PeerRef self, PeerRef predecessor, SuccessorList predecessorsList, int length, out PeerRef? disorder)
    {
        SuccessorList told = Gather(self, predecessor, beginning: null, predecessorsList, length, former: null, out disorder);
        // In a ring of at most r peers the walk goes on round to the predecessor itself.
        return told.SpansRing ? new SuccessorList(told.Peers.Add(predecessor), told.Count + 1 < length) : told;
    }

    /// <summary>Without its first entry, which did not answer.</summary>
    public SuccessorList WithoutFirst() => new(Peers.RemoveAt(0), SpansRing);

    /// <summary>Without this peer, wherever it stands.</summary>
    public SuccessorList Without(PeerRef peer) => Contains(peer.Id) ? new(Peers.RemoveAll(entry => entry.Id == peer.Id), SpansRing) : this;

    public bool Contains(Identifier id)
    {
        foreach (PeerRef peer in Peers)
        {
            if (peer.Id == id)
                return true;
        }
        return false;
    }

    public bool Equals(SuccessorList? other) => other is not null && SpansRing == other.SpansRing && Peers.AsSpan().SequenceEqual(other.Peers.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as SuccessorList);

    public override int GetHashCode() => HashCode.Combine(Count, First, SpansRing);

    public override string ToString() => string.Join(' ', Peers.Select(peer => peer.Id)) + (SpansRing ? " (whole ring)" : "");

    /// <summary>Goes on with what was told, and stops where the circle closes, the list is full, or the teller's own order breaks.</summary>
    private static SuccessorList Gather(
        PeerRef self, PeerRef teller, PeerRef? beginning, SuccessorList told, int length, SuccessorList? former, out PeerRef? disorder)
    {
        disorder = null;
        bool spansRing = told.SpansRing;
        var gathered = new Gathered();
        Span<PeerRef> peers = gathered;
        int count = 0;
        if (beginning is not null)
            peers[count++] = beginning;
        foreach (PeerRef peer in told.Peers)
        {
            if (count == length)
                break;
            if (peer.Id == self.Id)
            {
                spansRing = true;
                break;
            }
            PeerRef last = count == 0 ? teller : peers[count - 1];
            bool inOrder = peer.Id.IsBetween(last.Id, teller.Id);
            if (!inOrder)
                disorder = peer;
            // In order but past us: the teller does not know of us yet, and of the peers before us we know better.
            if (!inOrder || (count > 0 && !peer.Id.IsBetween(last.Id, self.Id)))
            {
                spansRing = false;
                break;
            }
            peers[count++] = peer;
        }
        // A full list makes no claim about the whole ring: there may be more peers behind its last entry.
        spansRing &= count < length;
        return former is not null && former.SpansRing == spansRing && former.Peers.AsSpan().SequenceEqual(peers[..count])
            ? former
            : new SuccessorList([.. peers[..count]], spansRing);
    }

    /// <summary>Room for the longest list, so that what turns out to be the former one is not allocated.</summary>
    [System.Runtime.CompilerServices.InlineArray(ChordParameters.MaxSuccessorListLength)]
    private struct Gathered
    {
        private PeerRef _first;
    }
}
