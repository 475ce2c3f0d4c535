using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ChordAspire.Protocol;

/// <summary>A ring as an observer sees it: all living members at one moment, and whether they form a valid and an ideal ring (Zave 2017).</summary>
public sealed class RingSnapshot
{
    private readonly ImmutableDictionary<Identifier, PeerView> _members;

    /// <param name="peers">All living peers; those that are no members (yet) are left out of the account.</param>
    /// <param name="successorListLength">r.</param>
    public RingSnapshot(IEnumerable<PeerView> peers, int successorListLength)
    {
        SuccessorListLength = successorListLength;
        Peers = [.. peers.OrderBy(peer => peer.Self.Id)];
        Members = [.. Peers.Where(peer => peer.Phase is MemberPhase.Member or MemberPhase.Leaving)];
        _members = Members.DistinctBy(peer => peer.Self.Id).ToImmutableDictionary(peer => peer.Self.Id);
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

    private IEnumerable<string> FindValidityProblems()
    {
        foreach (PeerView peer in Members)
        {
            if (_members.Count > 1 && BestSuccessor(peer) is null)
                yield return $"{Short(peer.Self)} has no living successor.";
        }
        ImmutableArray<PeerView> onRing = [.. Members.Where(IsOnRing)];
        if (onRing.IsEmpty)
        {
            yield return "There is no ring.";
            yield break;
        }
        HashSet<Identifier> ring = [.. Walk(onRing[0]).Select(peer => peer.Self.Id)];
        foreach (PeerView peer in onRing)
        {
            if (!ring.Contains(peer.Self.Id))
                yield return $"{Short(peer.Self)} is on another ring than {Short(onRing[0].Self)}.";
            else if (BestSuccessor(peer) is { } best && onRing.Any(other => other.Self.Id.IsBetween(peer.Self.Id, best.Self.Id)))
                yield return $"The ring is out of order between {Short(peer.Self)} and {Short(best.Self)}.";
        }
        foreach (PeerView peer in Members)
        {
            if (!IsOnRing(peer) && !Walk(peer).Any(reached => ring.Contains(reached.Self.Id)))
                yield return $"Appendage {Short(peer.Self)} does not lead to the ring.";
        }
    }

    /// <summary>The first living entry of the successor list; a member alone is its own.</summary>
    private PeerView? BestSuccessor(PeerView peer)
    {
        foreach (PeerRef entry in peer.Successors.Peers)
        {
            if (_members.TryGetValue(entry.Id, out PeerView? member) && member.Self.Address == entry.Address)
                return member;
        }
        return peer.Successors.Count == 0 && peer.Successors.SpansRing ? peer : null;
    }

    /// <summary>The peers reached by following best successors, this one's own first step included, until they repeat.</summary>
    private IEnumerable<PeerView> Walk(PeerView from)
    {
        HashSet<Identifier> seen = [];
        for (PeerView? at = BestSuccessor(from); at is not null && seen.Add(at.Self.Id); at = BestSuccessor(at))
            yield return at;
    }

    private bool IsOnRing(PeerView peer) => Walk(peer).Any(reached => reached.Self.Id == peer.Self.Id);

    private static string Short(PeerRef? peer) => peer is null ? "none" : peer.Id.ToBriefString();
}
