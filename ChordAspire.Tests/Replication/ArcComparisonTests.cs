using ChordAspire.Protocol;
using static ChordAspire.Tests.ReplicationRules.Objects;

namespace ChordAspire.Tests.ReplicationRules;

public sealed class ArcComparisonTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 5_000, 0)]
    [InlineData(5_000, 0, 0)]
    [InlineData(100, 100, 50)]
    [InlineData(3, 3, 20_000)]
    [InlineData(2_000, 1_000, 3_000)]
    public void Exactly_what_differs_is_found_with_bounded_answers(int onlyOurs, int onlyTheirs, int both)
    {
        var random = new Random(onlyOurs + (7 * onlyTheirs) + both);
        ObjectIndex ours = ObjectIndex.Empty, theirs = ObjectIndex.Empty;
        for (int i = 0; i < both; i++)
        {
            Identifier id = RandomId(random);
            ours = ours.With(new ObjectEntry(id, Version(1), 1));
            // Every hundredth is another version on one of the sides.
            theirs = theirs.With(new ObjectEntry(id, Version(i % 100 == 0 ? random.Next(3) : 1), 1));
        }
        for (int i = 0; i < onlyOurs; i++)
            ours = ours.With(new ObjectEntry(RandomId(random), Version(1), 1));
        for (int i = 0; i < onlyTheirs; i++)
            theirs = theirs.With(new ObjectEntry(RandomId(random), Version(1), 1));
        var arc = new Arc(RandomId(random), RandomId(random));

        (HashSet<ObjectEntry> newer, HashSet<ObjectEntry> older, int questions) = Reconcile(ours, theirs, arc);

        Assert.Equal([.. theirs.On(arc).Where(entry => !ours.Has(entry.Id, entry.Version))], newer);
        Assert.Equal([.. ours.On(arc).Where(entry => !theirs.Has(entry.Id, entry.Version))], older);
        if (onlyOurs + onlyTheirs + both == 0)
            Assert.Equal(1, questions);
    }

    [Fact]
    public void Peers_in_agreement_ask_one_question()
    {
        var random = new Random(1);
        ObjectIndex index = ObjectIndex.FromSorted([.. Enumerable.Range(0, 50_000).Select(_ => RandomId(random)).Order().Select(id => new ObjectEntry(id, Version(1), 1))]);

        Assert.Equal(1, Reconcile(index, index.With(new ObjectEntry(Small(0), Version(9), 1)).Without(Small(0)), new Arc(Small(0), Small(0))).Questions);
    }

    [Fact]
    public void A_single_difference_among_many_is_found_in_a_few_questions()
    {
        var random = new Random(1);
        ObjectIndex index = ObjectIndex.FromSorted([.. Enumerable.Range(0, 50_000).Select(_ => RandomId(random)).Order().Select(id => new ObjectEntry(id, Version(1), 1))]);

        (HashSet<ObjectEntry> newer, _, int questions) = Reconcile(index, index.With(new ObjectEntry(Small(77), Version(9), 1)), new Arc(Small(0), Small(0)));

        Assert.Single(newer);
        Assert.InRange(questions, 3, 5);
    }

    public static TheoryData<string, ArcAnswer> Nonsense => new()
    {
        { "Part 0", new ArcAnswer(default, [new ArcPart(Small(500), default), new ArcPart(Small(200), default)]) },
        { "Part 1", new ArcAnswer(default, [new ArcPart(Small(150), default), new ArcPart(Small(150), default), new ArcPart(Small(200), default)]) },
        { "Part 1", new ArcAnswer(default, [new ArcPart(Small(150), default), new ArcPart(Small(199), default)]) },
        { "1 parts", new ArcAnswer(default, [new ArcPart(Small(200), default)]) },
        { "0 parts", new ArcAnswer(default, []) },
        { "not on the arc", new ArcAnswer([new ObjectEntry(Small(100), Version(1), 1)], default) },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void An_answer_that_is_none_is_refused(string named, ArcAnswer answer) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => ArcComparison.Compare(ObjectIndex.Empty, new Arc(Small(100), Small(200)), answer)).Message, StringComparison.Ordinal);

    private static (HashSet<ObjectEntry> Newer, HashSet<ObjectEntry> Older, int Questions) Reconcile(ObjectIndex ours, ObjectIndex theirs, Arc arc)
    {
        var open = new Queue<ArcQuestion>([new ArcQuestion(arc, ours.DigestOf(arc))]);
        HashSet<ObjectEntry> newer = [], older = [];
        int questions = 0;
        while (open.TryDequeue(out ArcQuestion question))
        {
            questions++;
            ArcAnswer answer = ArcComparison.Answer(theirs, question);
            Assert.True(answer.Entries.IsDefault || answer.Entries.Length <= ArcComparison.MaxEntries);
            ArcDifferences differences = ArcComparison.Compare(ours, question.Arc, answer);
            Assert.InRange(differences.Older.Length, 0, ArcComparison.MaxCompared);
            foreach (ArcQuestion next in differences.Questions)
                open.Enqueue(next);
            // Nothing is found twice.
            Assert.All(differences.Newer, entry => Assert.True(newer.Add(entry)));
            Assert.All(differences.Older, entry => Assert.True(older.Add(entry)));
        }
        return (newer, older, questions);
    }
}
