using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Observatory;

/// <summary>What the page does in the ring: lookups, files in and out. Through the peer that is chosen, or any other.</summary>
internal sealed class RingAccess(RingHistory history, PeerChannels channels, PeerNames names, OwnLookups own)
{
    /// <summary>Larger files are for the <c>chord</c> tool: this one is held in memory, so that it can be sent again when a peer dies.</summary>
    public const int MaxFileBytes = 8 * 1024 * 1024;

    /// <summary>The peer to go through: the wanted one where it can serve.</summary>
    public PeerMark? Through(PeerRef? wanted)
    {
        RingPicture now = history.Latest;
        return now.Find(wanted) is { Standing: Standing.Member or Standing.Appendage } chosen
            ? chosen
            : now.Peers.FirstOrDefault(peer => peer.Standing is Standing.Member or Standing.Appendage);
    }

    /// <exception cref="RefusedException">No peer is there, or it refused.</exception>
    public async Task<LookupWalk> LookUpAsync(string key, PeerRef? through, CancellationToken cancellationToken)
    {
        PeerMark asker = Through(through) ?? throw NoPeer();
        own.Asked(asker.Self.Address);
        LookupAnswer answer = await ClientOf(asker).LookupAsync(key, cancellationToken);
        double milliseconds = answer.Path.Sum(hop => hop.Duration.TotalMilliseconds);
        history.Add(new Happening(
            history.Now, HappeningKind.Lookup, $"'{key}' found at {names.Of(answer.Owner)} in {milliseconds:0.0} ms, hops: {answer.Hops}", TimeSpan.FromMilliseconds(milliseconds)));
        return new LookupWalk(key, asker.Self, answer);
    }

    /// <exception cref="RefusedException">No peer is there, or it refused.</exception>
    public Task<PutOutcome> PutAsync(string key, MemoryStream content, PeerRef? through, CancellationToken cancellationToken) =>
        ClientOf(Through(through) ?? throw NoPeer()).PutAsync(key, content, cancellationToken);

    /// <exception cref="RefusedException">No peer is there, or it refused.</exception>
    public Task<ObjectStatus?> StatAsync(string key, CancellationToken cancellationToken) => ClientOf(Through(null) ?? throw NoPeer()).StatAsync(key, cancellationToken);

    /// <exception cref="RefusedException">No peer is there, or it refused.</exception>
    public Task<GetOutcome?> GetAsync(string key, Stream destination, CancellationToken cancellationToken) =>
        ClientOf(Through(null) ?? throw NoPeer()).GetAsync(key, destination, cancellationToken);

    private static RefusedException NoPeer() => new(Refusal.Unavailable, "No peer of the ring answers. Start one.");

    private ChordClient ClientOf(PeerMark peer) => new(channels.To(peer.Self.Address));
}

/// <summary>A lookup, and who was asked first.</summary>
public sealed record LookupWalk(string Key, PeerRef Asker, LookupAnswer Answer);
