using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Interop;

/// <summary>A ring of seed peers only. The first stands at 0 and starts it.</summary>
public sealed class SeedRing : IAsyncDisposable
{
    private readonly List<SeedPeerProcess> _peers = [];

    public IReadOnlyList<SeedPeerProcess> Peers => _peers;

    public SeedPeerProcess this[int peer] => _peers[peer];

    /// <summary>Seed peers at 0 and at these places, ordered when this returns.</summary>
    public static async Task<SeedRing> StartAsync(CancellationToken cancellationToken, params int[] places)
    {
        var ring = new SeedRing();
        try
        {
            ring._peers.Add(await SeedPeerProcess.StartAsync(0, target: "", cancellationToken));
            foreach (int place in places)
                ring._peers.Add(await SeedPeerProcess.StartAsync(place, ring[0].Address, cancellationToken));
            await ring.WaitUntilOrderedAsync(cancellationToken);
            return ring;
        }
        catch
        {
            await ring.DisposeAsync();
            throw;
        }
    }

    /// <summary>Each has the peer before it as predecessor, and the one behind it as successor.</summary>
    public async Task WaitUntilOrderedAsync(CancellationToken cancellationToken)
    {
        string told = "";
        await Patience.UntilAsync("the seed peers are in order", async () =>
        {
            (int Predecessor, int Successor)[] seen = await Task.WhenAll(_peers.Select(async peer =>
                ((await peer.Client.GetPredecessorAsync(new Empty(), cancellationToken: cancellationToken)).Id, await SuccessorOfAsync(peer, cancellationToken))));
            told = string.Join(", ", _peers.Select((peer, i) => $"{seen[i].Predecessor} < {peer.Id} < {seen[i].Successor}"));
            return Enumerable.Range(0, _peers.Count).All(i => seen[i] == (At(i - 1), At(i + 1)));
        }, () => told, cancellationToken);

        int At(int peer) => _peers[(peer + _peers.Count) % _peers.Count].Id;
    }

    /// <summary>The first entry of its finger table.</summary>
    public static async Task<int> SuccessorOfAsync(SeedPeerProcess peer, CancellationToken cancellationToken) =>
        (await peer.Client.GetFingerTableAsync(new Empty(), cancellationToken: cancellationToken)).Entries[0].Id;

    public async ValueTask DisposeAsync()
    {
        foreach (SeedPeerProcess peer in _peers)
            await peer.DisposeAsync();
    }
}
