using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>Safety while events and messages interleave as they like; liveness, within so many rounds, when nothing happens any more.</summary>
public sealed class RandomScheduleTests
{
    private const int SeedsPerCase = 50;

    /// <summary>
    /// Twelve peers at the most: those outside join in the first round; errors of successors and predecessors shrink with each round, and the ends of
    /// the lists become right r - 1 rounds later.
    /// </summary>
    private const int RoundsMax = 12;

    public static TheoryData<int> FirstSeeds => [1, 51, 101, 151, 201, 251, 301, 351];

    [Theory, MemberData(nameof(FirstSeeds))]
    public void The_ring_stays_valid_under_any_interleaving_and_becomes_ideal_when_churn_ends(int firstSeed)
    {
        Dictionary<string, int> done = [];
        for (int seed = firstSeed; seed < firstSeed + SeedsPerCase; seed++)
        {
            var schedule = new RandomSchedule(seed);
            schedule.Run(steps: 300);
            schedule.Ring.RunUntilIdeal(RoundsMax);
            foreach ((string what, int count) in schedule.Done)
                done[what] = done.GetValueOrDefault(what) + count;
        }
        // A schedule that never gets to fail anybody proves nothing.
        Assert.All(["join", "fail", "leave", "restart"], what => Assert.InRange(done[what], SeedsPerCase, int.MaxValue));
    }

    [Theory, MemberData(nameof(FirstSeeds))]
    public void A_ring_forms_of_peers_that_all_start_at_once_whatever_the_order_of_their_messages(int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + SeedsPerCase; seed++)
        {
            var chance = new Random(seed);
            var ring = new InMemoryRing(new ChordParameters(6, chance.Next(2, 6)));
            ulong[] peers = [.. Enumerable.Range(0, 64).Select(place => (ulong)place)];
            chance.Shuffle(peers);
            int count = chance.Next(2, 12);
            ring.Start(peers[0]);
            ring.Hold();
            for (int i = 1; i < count; i++)
                ring.Join(peers[i], via: peers[0]);
            while (ring.MessagesUnderWay > 0)
            {
                ring.DeliverAny(chance);
                RingSnapshot snapshot = ring.Snapshot();
                if (!snapshot.IsValid || ring.Notices.Exists(report => report.Notice is ChordNotice.MonitorTripped))
                    Assert.Fail($"Seed {seed}: {ring.Notices[^1]}\n{snapshot.Draw()}");
            }
            ring.Release();
            // Everyone is an appendage of the first at its beginning: each round brings one more peer onto the ring at the least.
            ring.RunUntilIdeal(roundsMax: count + ring.Parameters.SuccessorListLength);
        }
    }
}
