using System.Globalization;
using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

/// <summary>ToN 2003 §V-D, table II: 1,000 peers with r = 20, a part of them fails at once, lookups before anything is repaired.</summary>
public sealed class SimultaneousFailureTests(ITestOutputHelper output)
{
    private const int Peers = 1000;
    private const int Lookups = 1000;

    [Theory]
    [InlineData(0, 3.84)]
    [InlineData(10, 4.03)]
    [InlineData(20, 4.22)]
    [InlineData(30, 4.44)]
    [InlineData(40, 4.69)]
    [InlineData(50, 5.09)]
    public void No_lookup_fails_when_this_many_percent_of_the_peers_have(int percent, double paperPath)
    {
        var chance = new Random(percent);
        var parameters = new ChordParameters(Identifier.MaxBits, SuccessorListLength: 20);
        Dictionary<Identifier, PeerState> living = Ring.IdealStates(parameters, Ring.RandomPeers(Peers, parameters.Bits, chance))
            .Where(_ => chance.Next(100) >= percent)
            .ToDictionary(state => state.Self.Id);
        PeerState[] askers = [.. living.Values];
        PeerRef[] sorted = [.. askers.Select(state => state.Self)];
        (long path, long timeouts) = (0, 0);
        for (int n = 0; n < Lookups; n++)
        {
            var lookup = Lookup.FromMember(askers[chance.Next(askers.Length)], Ring.RandomIdentifier(parameters.Bits, chance), maxHops: 64);
            while (lookup.Next() is { } peer)
            {
                if (living.TryGetValue(peer.Id, out PeerState? state))
                    lookup.Answered(peer, Routing.Answer(state, lookup.Key));
                else
                    lookup.NotAnswered(peer);
            }
            Assert.Equal(Ring.OwnerOf(lookup.Key, sorted), lookup.Outcome!.Owner);
            path += lookup.Outcome.HopsToPredecessor;
            timeouts += lookup.Outcome.Unanswered;
        }
        double mean = path / (double)Lookups;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{percent} % failed: path {mean:0.00} (paper {paperPath:0.00}), {timeouts / (double)Lookups:0.00} peers met silent"));
        Assert.InRange(mean, paperPath - 0.3, paperPath + 0.3);
    }
}
