using System.Globalization;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>One thing that is different from the look before.</summary>
/// <param name="Time">When it was seen, UTC.</param>
/// <param name="Event">One word: <c>ring</c>, <c>unreachable</c>, <c>joined</c>, <c>gone</c>, <c>state</c>, <c>predecessor</c>, <c>successors</c> or <c>objects</c>.</param>
/// <param name="Peer">Whom it is about; null where it is about the ring.</param>
/// <param name="Detail">For people.</param>
/// <param name="Held">What the peer holds now, where it is about that, or was not known before.</param>
internal sealed record RingChange(DateTimeOffset Time, string Event, PeerRef? Peer, string Detail, HeldCount? Held = null)
{
    /// <summary>What has changed, but for <see cref="HeldChanges"/>; all that there is where nothing was seen before.</summary>
    public static IEnumerable<RingChange> Between(RingReading? before, RingReading now, DateTimeOffset time)
    {
        Dictionary<PeerRef, PeerReading> known = before?.Peers.ToDictionary(peer => peer.Self) ?? [];
        foreach (PeerReading peer in now.Peers)
        {
            if (!known.Remove(peer.Self, out PeerReading? former))
            {
                yield return new RingChange(time, "joined", peer.Self, $"{RingText.KindOf(peer.Kind)}, {RingText.StateOf(peer)}", HeldCount.Of(peer));
                continue;
            }
            if (former.Phase != peer.Phase)
                yield return new RingChange(time, "state", peer.Self, $"{RingText.StateOf(peer)}, was {RingText.StateOf(former)}");
            // Of one that is silent nothing is known, which is no change.
            if (former.Phase is null || peer.Phase is null)
                continue;
            if (former.Predecessor != peer.Predecessor)
                yield return new RingChange(time, "predecessor", peer.Self, $"{Brief(peer.Predecessor)}, was {Brief(former.Predecessor)}");
            if (!former.Successors.SequenceEqual(peer.Successors))
                yield return new RingChange(time, "successors", peer.Self, $"{Brief(peer)}, were {Brief(former)}");
        }
        foreach (PeerRef gone in known.Keys)
            yield return new RingChange(time, "gone", gone, "nobody names it any more");
        string verdict = SummaryOf(now);
        if (before is null || SummaryOf(before) != verdict)
            yield return new RingChange(time, "ring", null, verdict);
    }

    public string ToJson() => JsonText.LineOf(json =>
    {
        json.WriteString("time", Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("event", Event);
        if (Peer is not null)
        {
            json.WriteString("id", Peer.Id.ToString());
            json.WriteString("address", Peer.Address);
        }
        json.WriteString("detail", Detail);
        if (Held is { } held)
        {
            json.WriteNumber("objects", held.Objects);
            json.WriteNumber("bytes", held.Bytes);
        }
    });

    public override string ToString()
    {
        string time = Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return Peer is null ? $"{time}  {Event}: {Detail}" : $"{time}  {Peer.Id.ToBriefString()} at {Peer.Address} {Event}: {Detail}";
    }

    private static string SummaryOf(RingReading ring)
    {
        int members = ring.Members.Count();
        return FormattableString.Invariant($"{members} {(members == 1 ? "peer" : "peers")}, {RingText.VerdictOf(ring)}");
    }

    private static string Brief(PeerReading peer) => peer.Successors.IsEmpty ? "none" : string.Join(' ', peer.Successors.Select(Brief));

    private static string Brief(PeerRef? peer) => peer?.Id.ToBriefString() ?? "none";
}
