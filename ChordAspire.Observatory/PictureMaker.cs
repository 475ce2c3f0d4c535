using System.Collections.Immutable;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Observatory;

/// <summary>What has been heard of one peer.</summary>
/// <param name="IsSilent">Nothing is heard any more.</param>
/// <param name="ChangedAt">Where that is known; otherwise it is found by comparing it with the last picture.</param>
public sealed record HeardPeer(PeerDescription Told, bool IsSilent, string? Silence, DateTimeOffset? ChangedAt = null)
{
    /// <summary>As far as it can be told from this peer alone: whether it is an appendage, the others decide.</summary>
    public Standing Standing => (Told.View.Phase, IsSilent) switch
    {
        (MemberPhase.Left or MemberPhase.Leaving, true) or (MemberPhase.Left, _) => Standing.Left,
        (_, true) => Standing.Dead,
        (MemberPhase.Member, _) => Standing.Member,
        (MemberPhase.Leaving, _) => Standing.Leaving,
        _ => Standing.Joining,
    };
}

/// <summary>Makes one picture of what all peers told. Marks of peers that look as before are taken from the last picture: so a long history is small.</summary>
internal static class PictureMaker
{
    /// <summary>Of these the page tells; of a ring that has just fallen apart there would be thousands.</summary>
    public const int MaxProblems = 20;

    /// <param name="told">What each peer said last. One that is watched under two addresses may be among them twice.</param>
    public static RingPicture Make(IReadOnlyCollection<HeardPeer> told, IEnumerable<SeedView> seeds, RingPicture last, DateTimeOffset now)
    {
        if (told.Count == 0)
            return RingPicture.Empty with { Time = now };
        int bits = told.First().Told.Parameters.Bits;
        HeardPeer[] heard = [.. told.Where(peer => peer.Told.Parameters.Bits == bits).OrderBy(peer => peer.IsSilent).DistinctBy(peer => peer.Told.View.Self)];
        PeerMark[] marks = [.. heard
            .Select(peer => MarkOf(peer, now))
            .Concat(seeds.Where(seed => seed.Self.Id.Bits == bits).Select(seed => MarkOf(seed, now)))
            .DistinctBy(mark => mark.Self)
            .OrderBy(mark => mark.Self.Id).ThenBy(mark => mark.Self.Address, StringComparer.Ordinal)];
        ShareOut(marks);
        bool closes = FindAppendages(marks);
        Dictionary<PeerRef, PeerMark> before = last.Peers.ToDictionary(mark => mark.Self);
        for (int i = 0; i < marks.Length; i++)
        {
            if (before.TryGetValue(marks[i].Self, out PeerMark? old))
                marks[i] = marks[i].LooksLike(old) ? old : marks[i].IsPlacedLike(old) ? marks[i] with { ChangedAt = old.ChangedAt } : marks[i];
        }
        string[] problems = [.. FindProblems(heard, marks)];
        return new RingPicture(now, bits, [.. marks], closes, [.. problems.Take(MaxProblems)], problems.Length);
    }

    private static PeerMark MarkOf(HeardPeer peer, DateTimeOffset now)
    {
        PeerView view = peer.Told.View;
        return new PeerMark(
            view.Self, peer.Standing, view.Predecessor, view.Successors.Peers, peer.Told.Fingers, peer.Told.ObjectsHeld, peer.Told.BytesHeld, peer.Told.ObjectsOwned,
            peer.Told.Replicated, 0, peer.Silence, peer.ChangedAt ?? now);
    }

    private static PeerMark MarkOf(SeedView seed, DateTimeOffset now) => new(
        seed.Self, Standing.Seed, seed.Predecessor, seed.Successor is { } successor ? [successor] : [], [], 0, 0, 0, Replicated: null, 0, "told by its neighbours", now);

    /// <summary>Each part of the ring owns the arc behind the part before it.</summary>
    private static void ShareOut(PeerMark[] marks)
    {
        int[] ring = [.. Enumerable.Range(0, marks.Length).Where(i => marks[i].IsInRing)];
        for (int i = 0; i < ring.Length; i++)
        {
            PeerMark mark = marks[ring[i]], before = marks[ring[(i + ring.Length - 1) % ring.Length]];
            double share = ring.Length == 1 ? 1 : CirclePlace.FractionOf(before.Self.Id.DistanceTo(mark.Self.Id));
            marks[ring[i]] = mark with { Share = share };
        }
    }

    /// <summary>Follows everybody's first living successor. Whoever is on no circle of these is an appendage. True when there is one circle and it is in order.</summary>
    private static bool FindAppendages(PeerMark[] marks)
    {
        var places = new Dictionary<PeerRef, int>();
        for (int i = 0; i < marks.Length; i++)
        {
            if (marks[i].IsInRing)
                places[marks[i].Self] = i;
        }
        int[] next = [.. marks.Select((mark, i) => !mark.IsInRing ? -1
            : mark.Successors.Select(peer => places.GetValueOrDefault(peer, -1)).FirstOrDefault(place => place >= 0, places.Count == 1 ? i : -1))];
        int[] visit = new int[marks.Length];
        var circle = new HashSet<int>();
        int circles = 0, wraps = 0;
        for (int start = 0; start < marks.Length; start++)
        {
            int at = start;
            for (; at >= 0 && visit[at] == 0; at = next[at])
                visit[at] = start + 1;
            if (at < 0 || visit[at] != start + 1 || circle.Contains(at))
                continue;
            circles++;
            for (int on = at; circle.Add(on); on = next[on])
                wraps += next[on] <= on ? 1 : 0;
        }
        foreach (int i in places.Values)
        {
            if (!circle.Contains(i) && marks[i].Standing == Standing.Member)
                marks[i] = marks[i] with { Standing = Standing.Appendage };
        }
        return circles == 1 && wraps == 1 && places.Values.All(i => next[i] >= 0);
    }

    private static IEnumerable<string> FindProblems(IReadOnlyCollection<HeardPeer> heard, PeerMark[] marks)
    {
        HashSet<PeerRef> named = [.. marks.Where(mark => mark.IsInRing).SelectMany(mark => mark.Predecessor is { } predecessor ? mark.Successors.Add(predecessor) : mark.Successors)];
        foreach (PeerMark dead in marks.Where(mark => mark.Standing is Standing.Dead or Standing.Left && named.Contains(mark.Self)))
            yield return $"{dead.Self.Id.ToBriefString()} is gone, and still named by others.";
        if (marks.Any(mark => mark.Standing == Standing.Seed))
        {
            // Of a seed peer one successor is known, not the list that the rule asks for.
            foreach (PeerMark mark in marks.Where(mark => mark.Standing == Standing.Appendage))
                yield return $"{mark.Self.Id.ToBriefString()} is not on the ring yet.";
            yield break;
        }
        PeerView[] living = [.. heard.Where(peer => !peer.IsSilent && peer.Told.View.Phase != MemberPhase.Left).Select(peer => peer.Told.View)];
        foreach (string problem in new RingSnapshot(living, heard.First().Told.Parameters.SuccessorListLength).Problems)
            yield return problem;
    }
}
