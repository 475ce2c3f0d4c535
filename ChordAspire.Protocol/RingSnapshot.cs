using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ChordAspire.Protocol;

/// <summary>A ring as an observer sees it: all living members at one moment, and whether they form a valid and an ideal ring (Zave 2017).</summary>
public sealed class RingSnapshot
{
    /// <summary>Where each member stands among <see cref="Members"/>; of several with one identifier, the first.</summary>
    private readonly Dictionary<Identifier, int> _places = [];

    /// <param name="peers">All living peers; those that are no members (yet) are left out of the account.</param>
    /// <param name="successorListLength">r.</param>
    public RingSnapshot(IEnumerable<PeerView> peers, int successorListLength)
    {
        SuccessorListLength = successorListLength;
        Peers = [.. peers.OrderBy(peer => peer.Self.Id)];
        Members = [.. Peers.Where(peer => peer.Phase is MemberPhase.Member or MemberPhase.Leaving)];
        for (int i = 0; i < Members.Length; i++)
            _places.TryAdd(Members[i].Self.Id, i);
        Problems = [.. FindProblems()];
        ValidityProblems = [.. FindValidityProblems()];
    }

    /// <summary>All living peers, in the order of their identifiers.</summary>
    public ImmutableArray<PeerView> Peers { get; }

    /// <summary>The members among them.</summary>
    public ImmutableArray<PeerView> Members { get; }

    public int SuccessorListLength { get; }

    /// <summary>What keeps the ring from being ideal, a sentence each.</summary>
    public ImmutableArray<string> Problems { get; }

    /// <summary>What keeps the ring from being valid, a sentence each.</summary>
    public ImmutableArray<string> ValidityProblems { get; }

    /// <summary>Every predecessor, successor and successor list is globally right.</summary>
    public bool IsIdeal => Members.Length > 0 && Problems.IsEmpty;

    /// <summary>Exactly one ring, in order, every appendage leading to it.</summary>
    public bool IsValid => Members.Length > 0 && ValidityProblems.IsEmpty;

    /// <summary>The member that owns a key: the first at or after it, clockwise.</summary>
    public PeerRef OwnerOf(Identifier key) =>
        (Members.FirstOrDefault(peer => peer.Self.Id >= key) ?? Members[0]).Self;

    /// <summary>The ring in words, a line a peer, and what is wrong with it.</summary>
    public string Draw()
    {
        var text = new StringBuilder();
        string verdict = IsIdeal ? "ideal" : IsValid ? "valid, not ideal" : "not valid";
        text.AppendLine(CultureInfo.InvariantCulture, $"ring of {Members.Length} members, {verdict}");
        foreach (PeerView peer in Peers)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {Short(peer.Self)} {peer.Phase.ToString().ToLowerInvariant(),-8} predecessor {Short(peer.Predecessor)}  successors {string.Join(' ', peer.Successors.Peers.Select(Short))}");
        }
        foreach (string problem in Problems.Concat(ValidityProblems))
            text.AppendLine(CultureInfo.InvariantCulture, $"  ! {problem}");
        return text.ToString();
    }

    private IEnumerable<string> FindProblems()
    {
        int count = Members.Length;
        foreach (PeerView joining in Peers.Where(peer => peer.Phase is MemberPhase.Outside or MemberPhase.Joining))
            yield return $"{Short(joining.Self)} has not joined yet.";
        for (int i = 0; i < count; i++)
        {
            PeerView peer = Members[i];
            PeerRef? before = count == 1 ? null : Members[(i + count - 1) % count].Self;
            if (peer.Predecessor != before)
                yield return $"{Short(peer.Self)} has predecessor {Short(peer.Predecessor)}, not {Short(before)}.";
            PeerRef[] after = [.. Enumerable.Range(1, Math.Min(count - 1, SuccessorListLength)).Select(step => Members[(i + step) % count].Self)];
            if (!peer.Successors.Peers.SequenceEqual(after))
                yield return $"{Short(peer.Self)} has successors {string.Join(' ', peer.Successors.Peers.Select(Short))}, not {string.Join(' ', after.Select(Short))}.";
        }
    }

    /// <summary>In steps that grow with the members, not with their square: a page draws a thousand of them several times a second.</summary>
    private IEnumerable<string> FindValidityProblems()
    {
        int count = Members.Length;
        int[] best = [.. Members.Select(BestSuccessor)];
        for (int i = 0; i < count; i++)
        {
            if (_places.Count > 1 && best[i] < 0)
                yield return $"{Short(Members[i].Self)} has no living successor.";
        }
        int[] rings = FindRings(best);
        int first = Array.FindIndex(rings, ring => ring > 0);
        if (first < 0)
        {
            yield return "There is no ring.";
            yield break;
        }
        int[] next = NextOnRings(rings);
        for (int i = 0; i < count; i++)
        {
            if (rings[i] > 0 && rings[i] != rings[first])
                yield return $"{Short(Members[i].Self)} is on another ring than {Short(Members[first].Self)}.";
            else if (rings[i] > 0 && Members[next[i]].Self.Id.IsBetween(Members[i].Self.Id, Members[best[i]].Self.Id))
                yield return $"The ring is out of order between {Short(Members[i].Self)} and {Short(Members[best[i]].Self)}.";
        }
        for (int i = 0; i < count; i++)
        {
            if (rings[i] == 0 && !LeadsTo(rings[first], i, best, rings))
                yield return $"Appendage {Short(Members[i].Self)} does not lead to the ring.";
        }
    }

    /// <summary>The place of the first living entry of the successor list; a member alone is its own. -1: none.</summary>
    private int BestSuccessor(PeerView peer)
    {
        foreach (PeerRef entry in peer.Successors.Peers)
        {
            if (_places.TryGetValue(entry.Id, out int place) && Members[place].Self.Address == entry.Address)
                return place;
        }
        return peer.Successors.Count == 0 && peer.Successors.SpansRing ? _places[peer.Self.Id] : -1;
    }

    /// <summary>For each member the number of the ring that it is on, from 1; 0: on none. A ring is a circle of best successors.</summary>
    private static int[] FindRings(int[] best)
    {
        int[] walks = new int[best.Length], rings = new int[best.Length];
        int found = 0;
        for (int start = 0; start < best.Length; start++)
        {
            int at = start;
            for (; at >= 0 && walks[at] == 0; at = best[at])
                walks[at] = start + 1;
            if (at < 0 || walks[at] != start + 1)
                continue;
            // The walk came back to itself: from here on it goes round.
            found++;
            for (; rings[at] == 0; at = best[at])
                rings[at] = found;
        }
        return rings;
    }

    /// <summary>For each place the next one, clockwise, that is on a ring; the place itself where it is the only one.</summary>
    private static int[] NextOnRings(int[] rings)
    {
        int count = rings.Length;
        int[] next = new int[count];
        int following = Array.FindIndex(rings, ring => ring > 0);
        for (int i = count - 1; i >= 0; i--)
        {
            next[i] = following;
            if (rings[i] > 0)
                following = i;
        }
        return next;
    }

    private static bool LeadsTo(int ring, int from, int[] best, int[] rings)
    {
        int at = best[from];
        for (int steps = 0; at >= 0 && rings[at] == 0 && steps < best.Length; steps++)
            at = best[at];
        return at >= 0 && rings[at] == ring;
    }

    private static string Short(PeerRef? peer) => peer is null ? "none" : peer.Id.ToBriefString();
}
