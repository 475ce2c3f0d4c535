using ChordAspire.Peer;
using ChordAspire.Protocol;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>What a peer says of its copies while its ring changes: ring and replication are two loops, and the one may be ahead of the other.</summary>
public sealed class CopiesClaimedTests : IAsyncLifetime
{
    private readonly string _folder = DataFolders.New();
    private readonly PeerLoop _ring;
    private readonly PeerOptions _options;
    private ObjectStore? _store;

    public CopiesClaimedTests()
    {
        Dictionary<string, string?> settings = new() { ["NODE_ID"] = "30", ["Storage:Directory"] = _folder };
        Assert.True(PeerOptionsReader.TryRead(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), out PeerOptions? options, out _));
        _options = options!;
        _ring = new PeerLoop(_options);
    }

    public async ValueTask InitializeAsync() =>
        _store = await ObjectStore.OpenAsync(_options.Storage.Store with { ScrubBytesPerSecond = 0 }, TimeProvider.System, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        DataFolders.Delete(_folder);
    }

    [Fact]
    public void A_peer_that_has_not_looked_at_its_new_replicas_does_not_claim_that_they_have_their_copies()
    {
        // On a ring this wide there are no seed peers to be told apart.
        var replication = new ReplicationLoop(_ring, new OwnRing(caller: null!, _ring, _options), _store!, _options);
        _ring.Publish(Member(40, 50, 60));
        foreach (ReplicationEffect.AskArcs asked in replication.Advance(null).OfType<ReplicationEffect.AskArcs>())
            replication.Advance(new ReplicationEvent.ArcsTold(asked.Peer, asked.Number, [.. asked.Questions.Select(_ => default(ArcAnswer))], Own: null, Replicated: true));
        Assert.True(replication.Replicated);

        // What makes no difference to who holds what does not count.
        _ring.Publish(Member(40, 50, 60, 70));
        Assert.True(replication.Replicated);

        // 50 has died: the ring knows, and 60 has nothing yet.
        _ring.Publish(Member(40, 60, 70));
        Assert.False(replication.Replicated);
        replication.Advance(null);
        Assert.False(replication.Replicated);
    }

    private PeerState Member(params int[] successors) => PeerState.CreateMember(
        _options.Self, _options.Ring, Peer(20), new SuccessorList([.. successors.Select(Peer)], spansRing: false), FingerTable.Empty);

    private static PeerRef Peer(int number) => new(Identifier.FromUInt64(Identifier.MaxBits, (ulong)number), $"127.0.0.1:{50_000 + number}");
}
