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
        PeerMark asker = Asked(through);
        using ChordClient client = ClientOf(asker);
        LookupAnswer answer = await client.LookupAsync(key, cancellationToken);
        double milliseconds = answer.Path.Sum(hop => hop.Duration.TotalMilliseconds);
        history.Add(new Happening(
            history.Now, HappeningKind.Lookup, $"'{key}' found at {names.Of(answer.Owner)} in {milliseconds:0.0} ms, hops: {answer.Hops}", TimeSpan.FromMilliseconds(milliseconds)));
        return new LookupWalk(key, asker.Self, answer);
    }

    /// <exception cref="RefusedException">No peer is there, or it refused.</exception>
    public async Task<PutOutcome> PutAsync(string key, MemoryStream content, PeerRef? through, CancellationToken cancellationToken)
    {
        using ChordClient client = ClientOf(Asked(through));
        return await client.PutAsync(key, content, cancellationToken);
    }

    /// <exception cref="RefusedException">No peer is there, or it refused.</exception>
    public async Task<ObjectStatus?> StatAsync(string key, CancellationToken cancellationToken)
    {
        using ChordClient client = ClientOf(Asked(through: null));
        return await client.StatAsync(key, cancellationToken);
    }

    /// <exception cref="RefusedException">No peer is there, or it refused.</exception>
    public async Task<GetOutcome?> GetAsync(string key, Stream destination, CancellationToken cancellationToken)
    {
        using ChordClient client = ClientOf(Asked(through: null));
        return await client.GetAsync(key, destination, cancellationToken);
    }

    /// <summary>Who is asked now. Whatever is asked, it looks up a key, which is not to be told as somebody else's.</summary>
    private PeerMark Asked(PeerRef? through)
    {
        PeerMark asked = Through(through) ?? throw new RefusedException(Refusal.Unavailable, "No peer of the ring answers. Start one.");
        own.Asked(asked.Self.Address);
        return asked;
    }

    private ChordClient ClientOf(PeerMark peer) => new(channels.To(peer.Self.Address));
}

/// <summary>A lookup, and who was asked first.</summary>
public sealed record LookupWalk(string Key, PeerRef Asker, LookupAnswer Answer);
