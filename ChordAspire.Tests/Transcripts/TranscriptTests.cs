using ChordAspire.Simulation;

namespace ChordAspire.Tests.Transcripts;

public sealed class TranscriptTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> TranscriptFiles =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(TranscriptFiles))]
    public void The_ring_follows_the_transcript(string file)
    {
        Transcript expected = Transcript.Load(Path.Combine(Folder, file));
        Transcript actual = expected.Replay();
        if (expected != actual)
        {
            string difference = Difference(expected.Text.Split('\n'), actual.Text.Split('\n'));
            Assert.Fail($"{file} went otherwise.\n{difference}\nThe whole as it is now:\n{actual.Text}\n");
        }
    }

    [Fact]
    public void There_are_transcripts() => Assert.NotEmpty(TranscriptFiles);

    [Fact]
    public void A_transcript_that_went_otherwise_is_told_by_its_first_other_line()
    {
        Assert.Equal("  line 2 said: b\n  and is now:  c", Difference(["a", "b"], ["a", "c", "d"]));
        Assert.Equal("  line 2 said: b\n  and is now:  (nothing)", Difference(["a", "b"], ["a"]));
    }

    private static string LineOf(string[] lines, int at) => lines.ElementAtOrDefault(at) ?? "(nothing)";

    private static string Difference(string[] expected, string[] actual)
    {
        int at = 0;
        while (at < expected.Length && at < actual.Length && expected[at] == actual[at])
            at++;
        return $"  line {at + 1} said: {LineOf(expected, at)}\n  and is now:  {LineOf(actual, at)}";
    }
}
