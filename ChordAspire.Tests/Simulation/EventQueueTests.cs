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
}
