using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

/// <summary>The runs of a finger table against a plain array of fingers.</summary>
public sealed class FingerTableTests
{
    private const int Fingers = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_table_answers_like_an_array_whatever_is_set_and_dropped(int seed)
    {
        var chance = new Random(seed);
        FingerTable table = FingerTable.Empty;
        var array = new PeerRef?[Fingers];
        for (int step = 0; step < 400; step++)
        {
            PeerRef peer = Ref((ulong)chance.Next(4));
            if (chance.Next(5) == 0)
            {
                table = table.Without(peer);
                array = [.. array.Select(finger => finger == peer ? null : finger)];
            }
            else
            {
                int first = chance.Next(Fingers);
                int last = chance.Next(first, Fingers);
                PeerRef? value = chance.Next(6) == 0 ? null : peer;
                table = table.With(first, last, value);
                Array.Fill(array, value, first, last - first + 1);
            }
            Assert.Equal(array, Enumerable.Range(0, Fingers).Select(finger => table[finger]));
            AssertAsFewRunsAsCanBe(table);
        }
    }

    [Fact]
    public void A_peer_that_is_no_finger_leaves_the_table_as_it_is()
    {
        FingerTable table = FingerTable.Empty.With(0, 3, Ref(1));
        Assert.Same(table, table.Without(Ref(2)));
    }

    [Fact]
    public void A_peer_is_dropped_by_its_identifier_whatever_its_address() =>
        Assert.Empty(FingerTable.Empty.With(0, 3, Ref(1)).Without(Ref(1) with { Address = "moved" }).Runs);

    private static void AssertAsFewRunsAsCanBe(FingerTable table)
    {
        for (int i = 1; i < table.Runs.Length; i++)
        {
            (FingerRun before, FingerRun run) = (table.Runs[i - 1], table.Runs[i]);
            Assert.True(before.Last < run.First, "Runs overlap.");
            Assert.False(before.Last + 1 == run.First && before.Peer == run.Peer, "Two runs should be one.");
        }
    }

    private static PeerRef Ref(ulong id) => new(Identifier.FromUInt64(6, id), $"peer-{id}");
}
