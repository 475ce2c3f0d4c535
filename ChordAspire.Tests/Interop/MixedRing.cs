using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Ring;
using Grpc.Core;

namespace ChordAspire.Tests.Interop;

/// <summary>A ring of ours and seed peers, started through the AppHost, seen with the seed's contract alone: every peer of either kind answers in that.</summary>
internal sealed class MixedRing : IAsyncDisposable
{
    private const int Bits = 6;

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly RingUnderTest _ring;
    private readonly IReadOnlyDictionary<string, int> _places;
    private int _asked;

    private MixedRing(RingUnderTest ring, IReadOnlyDictionary<string, int> places) => (_ring, _places) = (ring, places);

    public IEnumerable<string> Names => _places.Keys;

    public IEnumerable<string> Ours => Names.Where(IsOurs);

    public IEnumerable<string> SeedPeers => Names.Where(name => !IsOurs(name));

    /// <summary>Starts the AppHost and waits until the ring of all these is ordered.</summary>
    /// <param name="places">The identifier of each peer, by the name of its resource.</param>
    public static async Task<MixedRing> StartAsync(IReadOnlyDictionary<string, int> places, CancellationToken cancellationToken, params string[] args)
    {
        string[] ours = [.. places.Keys.Where(IsOurs)];
        string[] seeds = [.. places.Keys.Except(ours)];
        RingUnderTest ring = await RingUnderTest.BeginAsync(
            ours.Length,
            cancellationToken,
            [
                $"--Ring:IdBits={Bits}", "--Ring:SparePeers=0", $"--Ring:NodeIds={string.Join(',', ours.Select(name => places[name]))}",
                $"--Ring:SeedPeers={seeds.Length}", $"--Ring:SeedNodeIds={string.Join(',', seeds.Select(name => places[name]))}", .. args,
            ]);
        var mixed = new MixedRing(ring, places);
        await mixed.WaitUntilOrderedAsync(places.Keys, cancellationToken);
        await mixed.WaitUntilSeedPeersAreKnownAsync(cancellationToken);
        return mixed;
    }

    /// <summary>Waits until each of these has the next one for its successor and the one before for its predecessor, by their own words.</summary>
    public async Task WaitUntilOrderedAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        string[] order = [.. names.OrderBy(name => _places[name])];
        string[] right = [.. order.Select((_, i) => $"{At(i - 1)} {At(i + 1)}")];
        string told = "";
        await _ring.WaitUntilAsync(
            $"the ring of {string.Join(' ', order)} is ordered",
            async () =>
            {
                string[] neighbors = await Task.WhenAll(order.Select(name => NeighborsAsync(name, cancellationToken)));
                told = string.Join(", ", order.Zip(neighbors, (name, pair) => $"{name} at {_places[name]}: {pair}"));
                return neighbors.SequenceEqual(right);
            },
            cancellationToken,
            () => told);

        int At(int i) => _places[order[(i + order.Length) % order.Length]];
    }

    /// <summary>Ends a peer without warning.</summary>
    public Task KillAsync(string name, CancellationToken cancellationToken) => _ring.CommandAsync(name, "kill", cancellationToken);

    /// <summary>Has a peer leave in order.</summary>
    public Task LeaveAsync(string name, CancellationToken cancellationToken) => _ring.CommandAsync(name, "leave", cancellationToken);

    /// <summary>Starts peers that have ended, and waits until the ring of all is ordered and its seed peers are given what lies on their arcs.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken, params string[] ended)
    {
        await _ring.StartPeersAsync(ended, cancellationToken);
        await WaitUntilOrderedAsync(Names, cancellationToken);
        await WaitUntilSeedPeersAreKnownAsync(cancellationToken);
    }

    /// <summary>Waits for a condition.</summary>
    public Task WaitUntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken) => _ring.WaitUntilAsync(what, condition, cancellationToken);

    public async Task StoreAsync(string via, string key, string value, CancellationToken cancellationToken) =>
        await ClientOf(via).StoreResourceAsync(new StoreRequest { Key = key, Value = value }, Options(cancellationToken));

    /// <summary>Stores as a client of the seed does: looks up the owner through a peer, and stores there.</summary>
    public async Task StoreInTwoStepsAsync(string via, string key, string value, CancellationToken cancellationToken)
    {
        NodeInfo owner = await ClientOf(via).FindSuccessorAsync(new FindSuccessorRequest { Id = PlaceOf(key) }, Options(cancellationToken));
        string name = _places.Single(place => place.Value == owner.Id).Key;
        Assert.Equal(_ring.AddressOf(name), owner.Address);
        await StoreAsync(name, key, value, cancellationToken);
    }

    /// <summary>Each key is asked of each of these peers.</summary>
    public async Task AssertFoundAsync(IEnumerable<string> via, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        foreach (string name in via)
        {
            foreach ((string key, string value) in values)
            {
                LookupResponse found = await ClientOf(name).LookupResourceAsync(new LookupRequest { Key = key }, Options(cancellationToken));
                Assert.True(found.Value == value, $"{name} finds '{found.Value}' for '{key}', which lies at {PlaceOf(key)}; '{value}' was stored.");
            }
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "The contract places keys by SHA-1; nothing is authenticated by it.")]
    public static int PlaceOf(string key) => SHA1.HashData(Encoding.UTF8.GetBytes(key))[^1] % (1 << Bits);

    public int PlaceOfPeer(string name) => _places[name];

    public ValueTask DisposeAsync() => _ring.DisposeAsync();

    private static bool IsOurs(string name) => name.StartsWith("peer-", StringComparison.Ordinal);

    private static CallOptions Options(CancellationToken cancellationToken) => new(deadline: (RingUnderTest.Time.GetUtcNow() + AnswerPatience).UtcDateTime, cancellationToken: cancellationToken);

    private ChordService.ChordServiceClient ClientOf(string name) => new(_ring.InvokerOf(name));

    /// <summary>
    /// Waits until what is written through ours is found through each seed peer that owns it. Before that, ours may not have looked yet, and give what was
    /// written to the seed peer only then.
    /// </summary>
    private async Task WaitUntilSeedPeersAreKnownAsync(CancellationToken cancellationToken)
    {
        foreach (string seed in SeedPeers)
        {
            string? key = Enumerable.Range(0, 1000).Select(i => $"known? {_asked} {i}").FirstOrDefault(key => IsOwnedBy(seed, PlaceOf(key)));
            _asked++;
            if (key is null)
                continue;
            await StoreAsync(Ours.First(), key, "known", cancellationToken);
            await _ring.WaitUntilAsync($"what was written is found through {seed}", () => IsFoundAsync(seed, key, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Not what lies at exactly its place: that it expects elsewhere.</summary>
    private bool IsOwnedBy(string seed, int place) => place != _places[seed] && _places.Values.MinBy(peer => (peer - place + (1 << Bits)) % (1 << Bits)) == _places[seed];

    private async Task<bool> IsFoundAsync(string name, string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await ClientOf(name).LookupResourceAsync(new LookupRequest { Key = key }, Options(cancellationToken))).Value.Length > 0;
        }
        catch (RpcException)
        {
            // Its fingers may be of a time before; it looks them up once a second.
            return false;
        }
    }

    /// <summary>Predecessor and successor, as the peer itself tells them: of ours the list, of a seed peer the owner of the place right behind it.</summary>
    private async Task<string> NeighborsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            NodeInfo predecessor = await ClientOf(name).GetPredecessorAsync(new Empty(), Options(cancellationToken));
            long? successor = IsOurs(name)
                ? (long?)(await _ring.DescribeAsync(name, cancellationToken))?.View.Successors.First?.Id.ToUInt64()
                : (await ClientOf(name).FindSuccessorAsync(new FindSuccessorRequest { Id = (_places[name] + 1) % (1 << Bits) }, Options(cancellationToken))).Id;
            return $"{predecessor.Id} {successor}";
        }
        catch (RpcException silent)
        {
            return silent.StatusCode.ToString();
        }
    }
}
