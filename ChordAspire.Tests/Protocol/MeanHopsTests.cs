using System.Globalization;
using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

/// <summary>How many peers a lookup asks in an ideal ring of N peers, against the published tables. Fingers and one successor only.</summary>
/// <remarks>
/// Both publications let a peer that looks up a key of its own arc walk the circle like any other (find_predecessor of SIGCOMM 2001 knows no
/// shortcut), so the peers here know no predecessor. A single ring of few peers may lie far from the mean of all rings (standard deviation
/// 0.13 hops at N = 8, 0.06 at 64, 0.03 at 256).
/// </remarks>
public sealed class MeanHopsTests(ITestOutputHelper output)
{
    /// <summary>
    /// SIGCOMM 2001 §6.3, figure 10a, read off to ±0.1: mean, first and 99th percentile. Counted to the key's predecessor, the owner left out.
    /// A lookup that asks nobody, since it starts at that predecessor, is none: the figure's first percentile is 1 at N = 8, where one lookup in
    /// eight would have length 0.
    /// </summary>
    [Theory]
    [InlineData(8, 1.7, 1, 3)]
    [InlineData(16, 2.1, 1, 4)]
    [InlineData(32, 2.5, 1, 5)]
    [InlineData(64, 3.0, 1, 5)]
    [InlineData(128, 3.4, 1, 6)]
    [InlineData(256, 3.9, 1, 7)]
    [InlineData(512, 4.4, 1, 7)]
    [InlineData(1024, 4.9, 2, 8)]
    public void Mean_hops_to_the_predecessor_are_those_of_figure_10(int peers, double paper, int first, int ninetyNinth)
    {
        var chance = new Random(peers);
        // Small rings differ most from one another, so they get most rings and lookups.
        int rings = Math.Max(16_384 / peers, 16);
        int lookups = (peers <= 64 ? 49_152 : 20_480) / rings;
        List<int> hops = [];
        for (int i = 0; i < rings; i++)
        {
            InMemoryHops ring = new(Ring.RandomPeers(peers, Identifier.MaxBits, chance));
            for (int n = 0; n < lookups; n++)
                hops.Add(ring.ToPredecessor(chance.Next(peers), Ring.RandomIdentifier(Identifier.MaxBits, chance)));
        }
        int[] asked = [.. hops.Where(count => count > 0).Order()];
        (int lowest, int highest) = (asked[asked.Length / 100], asked[asked.Length * 99 / 100]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"N = {peers}: paper {paper:0.0}, measured {asked.Average():0.000}, {lowest} to {highest}; with those that ask nobody {hops.Average():0.000}"));
        Assert.InRange(asked.Average(), paper - 0.1, paper + 0.1);
        Assert.Equal((first, ninetyNinth), (lowest, highest));
    }

    /// <summary>
    /// RingsNetwork/rings, chord-paper-sim of 2026-07-08, the best living reproduction. Counted to the owner, that included. It ran 32 N lookups (at
    /// most 20,000) on one ring per N whose identifiers and keys are hashes of consecutive numbers; on the same rings, for the same keys, the counts
    /// must be the same.
    /// </summary>
    [Theory]
    [InlineData(3, 2.22)]
    [InlineData(4, 2.70)]
    [InlineData(5, 3.35)]
    [InlineData(6, 3.89)]
    [InlineData(7, 4.44)]
    [InlineData(8, 4.90)]
    [InlineData(9, 5.35)]
    [InlineData(10, 5.88)]
    public void Mean_hops_to_the_owner_are_those_of_the_best_living_reproduction(int doublings, double published)
    {
        const ulong GoldenStep = 0x9e3779b97f4a7c15;
        int peers = 1 << doublings;
        int lookups = Math.Min(32 * peers, 20_000);
        IEnumerable<Identifier> ids = Enumerable.Range(1, peers).Select(n => Hashed(0x6000 + (ulong)doublings + (ulong)n)).Order();
        InMemoryHops ring = new([.. ids.Select(id => new PeerRef(id, id.ToString()))]);
        ulong counter = 0x6100 + (ulong)doublings;
        long hops = 0;
        for (int n = 0; n < lookups; n++)
            hops += ring.ToPredecessor(n % peers, Hashed(unchecked(counter += GoldenStep))) + 1;
        double measured = hops / (double)lookups;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"N = {peers}: published {published:0.00}, measured {measured:0.000}"));
        Assert.Equal(published, measured, tolerance: 0.0051);
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static Identifier Hashed(ulong number)
    {
        ulong mixed = unchecked((number ^ (number >> 30)) * 0xbf58476d1ce4e5b9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94d049bb133111eb);
        return Identifier.FromUInt64(64, mixed ^ (mixed >> 31));
    }

    /// <summary>An ideal ring for counting only.</summary>
    private sealed class InMemoryHops(PeerRef[] peers)
    {
        private readonly Dictionary<Identifier, PeerState> _states = Ring
            .IdealStates(new ChordParameters(peers[0].Id.Bits, SuccessorListLength: 1), peers)
            .ToDictionary(state => state.Self.Id, state => state with { Predecessor = null });

        public int ToPredecessor(int asker, Identifier key)
        {
            var lookup = Lookup.FromMember(_states[peers[asker].Id], key, maxHops: 64);
            while (lookup.Next() is { } peer)
                lookup.Answered(peer, Routing.Answer(_states[peer.Id], key));
            return lookup.Outcome!.HopsToPredecessor;
        }
    }
}
