using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>One hop's answer against a naive twin, for every key of a 6-bit circle and random states, the fingers of which may be anything.</summary>
public sealed class RoutingTests
{
    [Fact]
    public void An_answer_parts_what_the_peer_knows_at_the_key() =>
        ForAllKeysOfRandomStates((state, key, answer) =>
        {
            if (answer.OwnsKey)
                return;
            PeerRef[] list = [.. state.Successors.Peers];
            IEnumerable<PeerRef> owners = list.SkipWhile(peer => Precedes(state, peer, key));
            Assert.Equal(state.Successors.SpansRing ? owners.Append(state.Self) : owners, answer.Successors);
            if (!Precedes(state, list[0], key))
                Assert.Empty(answer.Closer);
            else
                Assert.Equal(NaiveClosestPreceding(state, key), answer.Closer);
        });

    [Fact]
    public void The_closest_preceding_peers_are_those_of_the_naive_search() =>
        ForAllKeysOfRandomStates((state, key, _) => Assert.Equal(NaiveClosestPreceding(state, key), Routing.ClosestPreceding(state, key)));

    [Fact]
    public void A_peer_owns_the_keys_of_its_arc_and_no_other() =>
        ForAllKeysOfRandomStates((state, key, answer) => Assert.Equal(new Arc(state.Predecessor!.Id, state.Self.Id).Contains(key), answer.OwnsKey));

    [Fact]
    public void A_peer_without_predecessor_owns_its_own_identifier_only()
    {
        PeerState state = Ring.OfThePaper()[21] with { Predecessor = null };
        Assert.Equal([21], Enumerable.Range(0, 64).Where(key => Routing.Owns(state, Identifier.FromUInt64(6, (ulong)key))));
    }

    [Fact]
    public void A_lone_peer_that_was_just_notified_names_the_newcomer_and_itself()
    {
        InMemoryRing ring = Ring.Of(bits: 6, 8);
        RouteAnswer answer = Routing.Answer(ring[8] with { Predecessor = ring.Ref(40) }, ring.Id(20));
        Assert.Equal([ring.Ref(40), ring.Ref(8)], answer.Successors);
    }

    [Fact]
    public void An_answer_never_has_more_closer_peers_than_it_says()
    {
        var parameters = new ChordParameters(Identifier.MaxBits, ChordParameters.MaxSuccessorListLength);
        PeerState state = Ring.IdealStates(parameters, Ring.RandomPeers(200, parameters.Bits, new Random(1)))[0];
        var chance = new Random(2);
        for (int i = 0; i < 500; i++)
            Assert.InRange(Routing.Answer(state, Ring.RandomIdentifier(parameters.Bits, chance)).Closer.Length, 0, Routing.MaxCloser);
    }

    /// <summary>Sorts everything that lies between: all of the successor list, and the closest few fingers.</summary>
    private static IEnumerable<PeerRef> NaiveClosestPreceding(PeerState state, Identifier key)
    {
        IEnumerable<PeerRef> fingers = state.Fingers.Runs
            .Select(run => run.Peer)
            .Where(peer => Precedes(state, peer, key))
            .DistinctBy(peer => peer.Id)
            .OrderBy(peer => peer.Id.DistanceTo(key))
            .Take(Routing.MaxFingersGiven);
        return state.Successors.Peers
            .Where(peer => Precedes(state, peer, key))
            .Concat(fingers)
            .DistinctBy(peer => peer.Id)
            .OrderBy(peer => peer.Id.DistanceTo(key));
    }

    private static bool Precedes(PeerState state, PeerRef peer, Identifier key) => peer.Id.IsBetween(state.Self.Id, key);

    private static void ForAllKeysOfRandomStates(Action<PeerState, Identifier, RouteAnswer> claim)
    {
        var chance = new Random(1);
        for (int i = 0; i < 40; i++)
        {
            var parameters = new ChordParameters(Bits: 6, SuccessorListLength: chance.Next(2, 6));
            PeerRef[] peers = Ring.RandomPeers(chance.Next(2, 14), 6, chance);
            PeerState state = Ring.IdealStates(parameters, peers)[chance.Next(peers.Length)];
            for (int finger = 0; finger < 6; finger++)
            {
                PeerRef any = Ring.RandomPeers(1, 6, chance)[0];
                if (any.Id != state.Self.Id && chance.Next(2) == 0)
                    state = state with { Fingers = state.Fingers.With(finger, finger, any) };
            }
            for (ulong key = 0; key < 64; key++)
            {
                Identifier id = Identifier.FromUInt64(6, key);
                claim(state, id, Routing.Answer(state, id));
            }
        }
    }
}
