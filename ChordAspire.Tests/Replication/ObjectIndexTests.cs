using ChordAspire.Protocol;
using static ChordAspire.Tests.ReplicationRules.Objects;

namespace ChordAspire.Tests.ReplicationRules;

public sealed class ObjectIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_sorted_dictionary_on_every_arc(int seed)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<Identifier, ObjectEntry>();
        ObjectIndex index = ObjectIndex.Empty;
        for (int step = 0; step < 2_000; step++)
        {
            Identifier id = Small(random.Next(60));
            if (random.Next(3) == 0)
            {
                model.Remove(id);
                index = index.Without(id);
            }
            else
            {
                var entry = new ObjectEntry(id, Version(random.Next(1_000_000)), random.Next(100));
                model[id] = entry;
                index = index.With(entry);
            }
            Assert.Equal((model.Count, model.Values.Sum(entry => entry.Size)), (index.Count, index.Bytes));
            var arc = new Arc(Small(random.Next(60)), Small(random.Next(60)));
            ObjectEntry[] expected = Clockwise(model.Values, arc);
            Assert.Equal(expected, index.On(arc));
            Assert.Equal(expected.Aggregate(default(ArcDigest), (sum, entry) => sum + ArcDigest.Of(entry)), index.DigestOf(arc));
            if (expected.Length > 0)
            {
                int before = random.Next(expected.Length);
                Assert.Equal(expected[before], index.AtOn(arc, before));
            }
            Assert.Equal(model.TryGetValue(id, out ObjectEntry held) ? held.Version : null, index.VersionOf(id));
        }
        Assert.Equal(index.Digest, ObjectIndex.FromSorted([.. model.Values]).Digest);
    }

    [Fact]
    public void It_stays_balanced_when_keys_come_in_order()
    {
        ObjectIndex index = ObjectIndex.Empty;
        for (int i = 0; i < 20_000; i++)
            index = index.With(new ObjectEntry(Small(i), Version(i), 1));
        for (int i = 0; i < 19_000; i++)
            index = index.Without(Small(i));

        // A tree that had become a list would have overflowed the stack by now, or be this deep.
        Assert.InRange(index.Depth, 10, 25);
        Assert.Equal(1_000, index.Count);
    }

    [Fact]
    public void An_older_reader_keeps_what_it_saw()
    {
        ObjectIndex before = ObjectIndex.Empty.With(Entry("a", 1));
        ObjectIndex after = before.With(Entry("a", 2)).With(Entry("b", 1));

        Assert.Equal(1, before.Count);
        Assert.True(before.Has(Entry("a", 1).Id, Version(1)));
        Assert.False(before.Has(Entry("a", 1).Id, Version(2)));
        Assert.True(after.Has(Entry("a", 1).Id, Version(1)));
    }

    [Fact]
    public void What_is_not_in_order_is_refused() =>
        Assert.Contains("Entry 1", Assert.Throws<ArgumentException>(() => ObjectIndex.FromSorted([Entry("a", 1), Entry("a", 2)])).Message, StringComparison.Ordinal);

    private static ObjectEntry[] Clockwise(IEnumerable<ObjectEntry> entries, Arc arc) =>
        [.. entries.Where(entry => arc.Contains(entry.Id)).OrderBy(entry => entry.Id == arc.From).ThenBy(entry => arc.From.DistanceTo(entry.Id))];
}
