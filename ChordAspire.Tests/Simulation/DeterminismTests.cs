using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

public sealed class DeterminismTests
{
    /// <summary>The hashes of some whole runs. They are the same on every machine; they change when the rules or the simulator do, and only then.</summary>
    [Theory]
    [InlineData(1, 0x64e5712455abb97ful)]
    [InlineData(2, 0xcebc3f974f9cee48ul)]
    [InlineData(3, 0x7b6150a09d579e7dul)]
    [InlineData(42, 0x0fb9ea4ca2c57c82ul)]
    [InlineData(1_000_000_007, 0xb4f6c7a477bbe805ul)]
    public void A_seed_gives_the_hash_that_it_gave_everywhere(ulong seed, ulong hash) => Assert.Equal($"{hash:x16}", $"{PlanRun.Run(new Seed(seed)).Hash:x16}");

    [Fact]
    public void Every_seed_runs_twice_with_the_same_hash()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            RunOutcome first = PlanRun.Run(new Seed(seed));
            RunOutcome second = PlanRun.Run(new Seed(seed));
            Assert.Equal((first.Hash, first.Events, first.Verdict), (second.Hash, second.Events, second.Verdict));
        }
    }

    [Fact]
    public void Another_peer_does_not_reshuffle_the_chances_of_the_others() => Assert.Equal(WhatEightPeersDo(loners: 0), WhatEightPeersDo(loners: 3));

    /// <summary>What happens to eight peers on a bad network while others, on rings of their own, do theirs.</summary>
    private static List<(TimeSpan At, int Host, string Event)> WhatEightPeersDo(int loners)
    {
        var ring = new SimulatedRing(new RingOptions
        {
            Seed = new Seed(11),
            Parameters = new ChordParameters(32, 3),
            Network = new NetworkOptions { Latency = new ExponentialLatency(TimeSpan.FromMilliseconds(30)), Loss = 0.05, Duplication = 0.05, Reordering = 0.1 },
        });
        IdealRing.Build(ring, peers: 8);
        var log = new EventLog(ring);
        for (int i = 0; i < loners; i++)
            ring.Start(ring.AddPeer(Identifier.FromUInt64(32, (ulong)i)));
        ring.RunFor(TimeSpan.FromSeconds(20));
        return log.Handled;
    }

    private sealed class EventLog : IRingObserver
    {
        private readonly SimulatedRing _ring;

        public EventLog(SimulatedRing ring)
        {
            _ring = ring;
            ring.Observer = this;
        }

        public List<(TimeSpan At, int Host, string Event)> Handled { get; } = [];

        void IRingObserver.Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
        {
            // A token only counts; it is not part of what happens.
            if (peer.Host < 8 && input is not ChordEvent.NeighborsAsked)
                Handled.Add((_ring.Now, peer.Host, $"{input}"));
        }

        public void LivenessChanged(SimulatedPeer peer)
        {
        }

        public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent)
        {
        }
    }
}
