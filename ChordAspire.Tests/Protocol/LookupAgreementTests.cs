using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>Lookups from every peer for every key of a 6-bit circle, against a sorted array of the living.</summary>
public sealed class LookupAgreementTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory, MemberData(nameof(Seeds))]
    public void Every_lookup_in_an_ideal_ring_finds_the_owner(int seed) =>
        AssertAllLookupsAgree(RandomRing(new Random(seed), out _), seed);

    [Theory, MemberData(nameof(Seeds))]
    public void Every_lookup_finds_the_owner_with_r_minus_1_neighbours_dead_before_anyone_noticed(int seed)
    {
        var chance = new Random(seed);
        InMemoryRing ring = RandomRing(chance, out ulong[] peers);
        FailNeighbours(ring, peers, chance.Next(peers.Length), Math.Min(ring.Parameters.SuccessorListLength, peers.Length) - 1);
        AssertAllLookupsAgree(ring, seed);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Every_lookup_finds_the_owner_with_dead_peers_all_over_the_ring(int seed)
    {
        var chance = new Random(seed);
        InMemoryRing ring = RandomRing(chance, out ulong[] peers);
        // Each is the only dead one within r - 1 places, so that nobody loses its whole list.
        for (int i = 0; i < peers.Length - 1; i += ring.Parameters.SuccessorListLength)
            ring.Fail(peers[i]);
        AssertAllLookupsAgree(ring, seed);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Fingers_never_matter_to_correctness(int seed)
    {
        var chance = new Random(seed);
        InMemoryRing ring = RandomRing(chance, out ulong[] peers);
        foreach (PeerState state in ring.States.ToArray())
        {
            FingerTable garbage = FingerTable.Empty;
            for (int finger = 0; finger < 6; finger++)
            {
                // Living peers, dead ones, and places where nobody ever was.
                ulong any = (ulong)chance.Next(64);
                if (any != state.Self.Id.ToUInt64())
                    garbage = garbage.With(finger, finger, ring.Ref(any));
            }
            ring.Place(state with { Fingers = garbage });
        }
        FailNeighbours(ring, peers, chance.Next(peers.Length), Math.Min(ring.Parameters.SuccessorListLength, peers.Length) - 1);
        AssertAllLookupsAgree(ring, seed);
    }

    private static InMemoryRing RandomRing(Random chance, out ulong[] peers)
    {
        var parameters = new ChordParameters(Bits: 6, SuccessorListLength: chance.Next(2, 6));
        HashSet<ulong> ids = [];
        int count = chance.Next(1, 16);
        while (ids.Count < count)
            ids.Add((ulong)chance.Next(64));
        peers = [.. ids.Order()];
        return Ring.Of(parameters, peers);
    }

    private static void FailNeighbours(InMemoryRing ring, ulong[] peers, int first, int count)
    {
        for (int i = 0; i < count; i++)
            ring.Fail(peers[(first + i) % peers.Length]);
    }

    private static void AssertAllLookupsAgree(InMemoryRing ring, int seed)
    {
        PeerRef[] living = [.. ring.States.Select(state => state.Self)];
        foreach (PeerRef asker in living)
        {
            for (ulong key = 0; key < 64; key++)
            {
                LookupOutcome outcome = ring.LookUp(key, asker.Id.ToUInt64());
                if (outcome.Owner != Ring.OwnerOf(ring.Id(key), living))
                    Assert.Fail($"Seed {seed}: {asker} looked up {ring.Id(key)} and came to {outcome}.\n{ring.Snapshot().Draw()}");
                Assert.True(outcome.Path.Select(hop => hop.Peer).Distinct().Count() == outcome.Hops, "A peer was asked twice.");
            }
        }
    }
}
