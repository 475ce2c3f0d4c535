using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

public sealed class EventQueueTests
{
    [Fact]
    public void Things_come_in_the_order_of_their_time_and_of_scheduling_at_the_same_time()
    {
        var chance = new Chance(1);
        var queue = new EventQueue();
        var expected = new List<(long At, int Number)>();
        var taken = new List<(long At, int Number)>();
        for (int i = 0; i < 5000; i++)
        {
            long at = chance.Next(200);
            queue.Add(at, Happening.Act, peer: null, i);
            expected.Add((at, i));
        }
        while (queue.Count > 0)
        {
            Scheduled next = queue.Take();
            taken.Add((next.At, (int)next.Payload!));
        }
        Assert.Equal(expected.OrderBy(entry => entry.At).ThenBy(entry => entry.Number), taken);
        Assert.Equal(long.MaxValue, queue.NextAt);
    }

    [Fact]
    public void Adding_while_taking_loses_nothing_and_mixes_nothing_up()
    {
        var chance = new Chance(2);
        var queue = new EventQueue();
        var waiting = new PriorityQueue<int, (long At, int Number)>();
        long now = 0;
        for (int i = 0; i < 20_000; i++)
        {
            long at = now + chance.Next(500);
            queue.Add(at, Happening.Act, peer: null, i);
            waiting.Enqueue(i, (at, i));
            while (queue.Count > 0 && chance.Happens(i < 10_000 ? 0.4 : 0.55))
            {
                Scheduled next = queue.Take();
                Assert.Equal(waiting.Dequeue(), (int)next.Payload!);
                now = next.At;
            }
        }
        Assert.Equal(waiting.Count, queue.Count);
    }
}
