using System.Collections.Immutable;
using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>The fast checker against naive twins that follow the definitions word by word.</summary>
public sealed class InvariantCheckerTests
{
    [Fact]
    public void It_agrees_with_the_definitions_on_random_rings()
    {
        Dictionary<ViolationKind, int> seen = [];
        for (ulong seed = 1; seed <= 6000; seed++)
        {
            PeerState[] members = RandomMembers(new Chance(seed), out int length);
            ViolationKind? found = new InvariantChecker(length).Check(members)?.Kind;
            ViolationKind? expected = NaiveInvariants.Check(members, length);
            Assert.True(expected == found, $"Seed {seed}: {found}, not {expected}.\n{Draw(members, length)}");
            bool isValid = expected is not (ViolationKind.LostRing or ViolationKind.TwoRings or ViolationKind.DisorderedRing or ViolationKind.StrandedAppendage or ViolationKind.NoLiveSuccessor);
            Assert.True(isValid == new RingSnapshot(members.Select(PeerView.Of), length).IsValid, $"Seed {seed}: {expected}.\n{Draw(members, length)}");
            if (found is { } kind)
                seen[kind] = seen.GetValueOrDefault(kind) + 1;
        }
        ViolationKind[] structural = [.. Enum.GetValues<ViolationKind>().Where(kind => kind <= ViolationKind.DisorderedSuccessors && kind is not (ViolationKind.NoLiveSuccessor))];
        Assert.All(structural, kind => Assert.True(seen.GetValueOrDefault(kind) > 0, $"{kind} never came up."));
    }

    [Fact]
    public void It_knows_an_ideal_ring()
    {
        int ideal = 0;
        for (ulong seed = 1; seed <= 3000; seed++)
        {
            PeerState[] members = RandomMembers(new Chance(seed), out int length);
            bool expected = new RingSnapshot(members.Select(PeerView.Of), length).IsIdeal;
            Assert.Equal(expected, new InvariantChecker(length).IsIdeal(members));
            ideal += expected ? 1 : 0;
        }
        Assert.InRange(ideal, 1, 2999);
    }

    private static string Draw(PeerState[] members, int length) => new RingSnapshot(members.Select(PeerView.Of), length).Draw();

    /// <summary>An ideal ring with some lists spoilt: entries that are dead, left out, swapped, or anybody's.</summary>
    private static PeerState[] RandomMembers(Chance chance, out int length)
    {
        length = chance.Between(2, 3);
        int r = length;
        int[] places = [.. Enumerable.Range(0, 32)];
        chance.Shuffle<int>(places);
        PeerRef[] peers = [.. places.Take(chance.Between(1, 9)).Order().Select(place => new PeerRef(Identifier.FromUInt64(5, (ulong)place), $"peer-{place}"))];
        PeerRef[] dead = [.. places.Skip(20).Take(3).Select(place => new PeerRef(Identifier.FromUInt64(5, (ulong)place), $"peer-{place}"))];
        var parameters = new ChordParameters(5, length);
        double spoilt = chance.Next(4) * 0.15;
        return [.. peers.Select((_, i) => Spoil(IdealRing.StateOf(parameters, peers, i)))];

        PeerState Spoil(PeerState state)
        {
            if (!chance.Happens(spoilt))
                return state;
            List<PeerRef> list = [.. state.Successors.Peers];
            switch (chance.Next(6))
            {
                case 0:
                    list.Insert(chance.Next(list.Count + 1), chance.Pick(dead));
                    break;
                case 1 when list.Count > 1:
                    list.RemoveAt(0);
                    break;
                case 2:
                    list.Insert(0, chance.Pick(peers));
                    break;
                case 3:
                    list.Reverse();
                    break;
                case 4:
                    list = [chance.Pick(dead), chance.Pick(dead)];
                    break;
                default:
                    list = [chance.Pick(peers), chance.Pick(peers)];
                    break;
            }
            return state with { Successors = new SuccessorList([.. list.Take(r)], state.Successors.SpansRing) };
        }
    }
}
