using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>A lookup over plain HTTP: <c>GET /lookup/{key}</c>.</summary>
internal sealed record LookupPage(string Key, string Id, PeerPlace Owner, int Hops, int HopsToPredecessor, int Unanswered, IReadOnlyList<HopPage> Path)
{
    public static LookupPage Of(string key, LookupRun run) => new(
        key,
        run.Outcome.Key.ToString(),
        PeerPlace.Of(run.Outcome.Owner!),
        run.Outcome.Hops,
        run.Outcome.HopsToPredecessor,
        run.Outcome.Unanswered,
        [.. run.Outcome.Path.Select((hop, i) => new HopPage(hop.Peer.Id.ToString(), hop.Peer.Address, hop.Answered, run.Durations[i].TotalMilliseconds))]);
}

/// <summary>One peer asked.</summary>
internal sealed record HopPage(string Id, string Address, bool Answered, double Milliseconds);

/// <summary>A peer and where it is.</summary>
internal sealed record PeerPlace(string Id, string Address)
{
    public static PeerPlace Of(PeerRef peer) => new(peer.Id.ToString(), peer.Address);
}
