using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

/// <summary>Arcs on a 6-bit circle, each of them against walking it.</summary>
public sealed class ArcTests
{
    private const int Places = 64;

    private static IEnumerable<int> Circle => Enumerable.Range(0, Places);

    [Fact]
    public void Arc_membership_agrees_with_walking_the_circle() =>
        ForAllPairs((from, to) =>
        {
            HashSet<int> walked = [.. WalkTo(from, to)];
            Assert.True(Circle.All(point => walked.Contains(point) == Id(point).IsOnArc(Id(from), Id(to))), $"From {from} to {to}");
            Assert.True(Circle.All(point => walked.Contains(point) == new Arc(Id(from), Id(to)).Contains(Id(point))), $"From {from} to {to}");
        });

    [Fact]
    public void Lying_between_agrees_with_walking_the_circle_short_of_its_end() =>
        ForAllPairs((from, to) =>
        {
            HashSet<int> walked = [.. WalkTo(from, to)];
            walked.Remove(to);
            Assert.True(Circle.All(point => walked.Contains(point) == Id(point).IsBetween(Id(from), Id(to))), $"From {from} to {to}");
        });

    [Fact]
    public void The_distance_is_the_number_of_steps_walked() =>
        ForAllPairs((from, to) => Assert.Equal(from == to ? 0 : WalkTo(from, to).Count(), (int)Id(from).DistanceTo(Id(to)).ToUInt64()));

    [Fact]
    public void A_finger_starts_as_many_steps_ahead_as_it_says()
    {
        for (int from = 0; from < Places; from++)
        {
            for (int finger = 0; finger < 6; finger++)
                Assert.Equal(WalkTo(from, from).ElementAt((1 << finger) - 1), (int)Id(from).FingerStart(finger).ToUInt64());
        }
    }

    [Fact]
    public void An_arc_is_written_as_the_papers_write_it() =>
        Assert.Equal("(38, 08]", new Arc(Id(56), Id(8)).ToString());

    /// <summary>The places stepped on from one place to another; all of them, where both are the same.</summary>
    private static IEnumerable<int> WalkTo(int from, int to)
    {
        int at = from;
        do
        {
            at = (at + 1) % Places;
            yield return at;
        }
        while (at != to);
    }

    private static void ForAllPairs(Action<int, int> claim)
    {
        for (int from = 0; from < Places; from++)
        {
            for (int to = 0; to < Places; to++)
                claim(from, to);
        }
    }

    private static Identifier Id(int number) => Identifier.FromUInt64(6, (ulong)number);
}
