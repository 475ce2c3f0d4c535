using System.Text;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>Objects whose content tells whether they are the right ones.</summary>
internal static class TestObjects
{
    /// <summary>r_L where no setting says otherwise.</summary>
    public const int Copies = 3;

    /// <summary>Stores so many objects and returns their keys.</summary>
    public static async Task<string[]> PutAsync(ChordClient client, int count, CancellationToken cancellationToken, string prefix = "object")
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(i => $"{prefix}-{i}")];
        foreach (string[] some in keys.Chunk(20))
            await Task.WhenAll(some.Select(key => client.PutAsync(key, ContentOf(key), cancellationToken)));
        return keys;
    }

    public static async Task AssertAllFoundAsync(ChordClient client, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        foreach (string key in keys)
            Assert.True(await IsFoundAsync(client, key, cancellationToken), $"{key} was not found.");
    }

    /// <summary>Waits until every object is found through every running peer of the ring: for the time in which nobody promises that it is.</summary>
    public static async Task WaitUntilAllFoundAsync(SmallRing ring, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        string missing = "";
        await Patience.UntilAsync("every object is found through every peer", async () =>
        {
            foreach (PeerProcess peer in ring.Peers.Where(peer => !peer.HasExited))
            {
                foreach (string key in keys)
                {
                    if (await IsFoundAsync(peer.Client, key, cancellationToken))
                        continue;
                    missing = $"{key} was not found through {peer.Address}.";
                    return false;
                }
            }
            return true;
        }, () => missing + ring.Outputs, cancellationToken);
    }

    /// <summary>Waits until each of these peers (default: all that run) holds what it owns and what it is replica of, and nothing else.</summary>
    public static async Task WaitUntilPlacedAsync(
        SmallRing ring, IReadOnlyCollection<string> keys, CancellationToken cancellationToken, params IReadOnlyCollection<PeerProcess> peers)
    {
        if (peers.Count == 0)
            peers = [.. ring.Peers.Where(peer => !peer.HasExited)];
        string counts = "";
        await Patience.UntilAsync("every object is at its owner and the replicas, and nowhere else", async () =>
        {
            PeerDescription[] told = await Task.WhenAll(peers.Select(peer => peer.DescribeAsync(cancellationToken)));
            PeerRef[] members = [.. told.Select(peer => peer.View.Self).OrderBy(peer => peer.Id)];
            int bits = told[0].Parameters.Bits;
            ILookup<PeerRef, string> owned = keys.ToLookup(key => OwnerOf(members, IdentifierCircle.PlaceOf(key, bits)));
            (long Owned, long Held) Wanted(PeerRef peer)
            {
                int at = Array.IndexOf(members, peer);
                IEnumerable<PeerRef> countOnIt = Enumerable.Range(0, Math.Min(Copies, members.Length)).Select(step => members[(at - step + members.Length) % members.Length]);
                return (owned[peer].Count(), countOnIt.Sum(owner => owned[owner].Count()));
            }
            counts = string.Join(", ", told.Select(peer => $"{peer.View.Self} owns {peer.ObjectsOwned} and holds {peer.ObjectsHeld}, and should {Wanted(peer.View.Self)}"));
            return told.All(peer => (peer.ObjectsOwned, peer.ObjectsHeld) == Wanted(peer.View.Self));
        }, () => counts + ring.Outputs, cancellationToken);
    }

    public static async Task<bool> IsFoundAsync(ChordClient client, string key, CancellationToken cancellationToken) =>
        await client.GetAsync(key, cancellationToken) is { } content && content.Span.SequenceEqual(ContentOf(key));

    public static byte[] ContentOf(string key) => Encoding.UTF8.GetBytes($"content of {key}");

    private static PeerRef OwnerOf(PeerRef[] members, Identifier place) => members.FirstOrDefault(member => member.Id >= place) ?? members[0];
}
