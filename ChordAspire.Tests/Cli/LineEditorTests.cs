using ChordAspire.Cli.Shell;

namespace ChordAspire.Tests.Cli;

/// <summary>Lines typed with scripted keys.</summary>
public sealed class LineEditorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chord-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ring⏎", "ring")]
    [InlineData("rng←←i⏎", "ring")]
    [InlineData("rimg←⌫n⏎", "ring")]
    [InlineData("xring⇤⌦⏎", "ring")]
    [InlineData("put key file^W^Wring⏎", "put ring")]
    [InlineData("get key^Uring⏎", "ring")]
    [InlineData("ring --json^A^F^F^F^F^K⏎", "ring")]
    [InlineData("half a line^Cring⏎", "ring")]
    [InlineData("half a line⎋ring⏎", "ring")]
    [InlineData("grüße 🙂⏎", "grüße 🙂")]
    [InlineData("^D", null)]
    [InlineData("ab^A^D⏎", "b")]
    [InlineData("", null)]
    public void Keys_edit_the_line(string keys, string? line) => Assert.Equal(line, Typed(keys, new LineHistory(null)));

    [Fact]
    public void Lines_come_back_and_what_was_being_typed_too()
    {
        var history = new LineHistory(null);
        foreach (string line in (string[])["one", "two", "two", " ", "three"])
            Typed($"{line}⏎", history);
        Assert.Equal(["one", "two", "three"], history.Lines);
        Assert.Equal("two", Typed("↑↑⏎", history));
        Assert.Equal("begun more", Typed("begun↑↑↓↓ more⏎", history));
        Assert.Equal("one", Typed("↑↑↑↑↑↑↑↑⏎", history));
        Assert.Equal("", Typed("↓⏎", history));
        Assert.Equal("two", Typed("^P^P^P^N^P⏎", history));
    }

    [Fact]
    public void Lines_are_kept_for_the_next_shell_for_nobody_elses_eyes()
    {
        string file = Path.Combine(_folder, "state", "chord", "history");
        Typed("store secret text⏎", new LineHistory(file));
        Assert.Equal("store secret text", Typed("↑⏎", new LineHistory(file)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Of_two_shells_both_keep_what_was_typed_in_them()
    {
        string file = Path.Combine(_folder, "history");
        var one = new LineHistory(file);
        var other = new LineHistory(file);
        Typed("ring⏎", one);
        Typed("ls⏎", other);
        Typed("peer⏎", one);
        Assert.Equal(["ring", "ls", "peer"], new LineHistory(file).Lines);
        // What is typed elsewhere does not come between what is typed here.
        Assert.Equal(["ring", "peer"], one.Lines);
    }

    [Fact]
    public void Shells_that_write_at_the_same_time_lose_no_line()
    {
        string file = Path.Combine(_folder, "history");
        Parallel.For(0, 4, shell =>
        {
            var history = new LineHistory(file);
            for (int i = 0; i < 50; i++)
                history.Add($"{shell}-{i}");
        });
        IReadOnlyList<string> lines = new LineHistory(file).Lines;
        Assert.Equal(200, lines.Count);
        for (int shell = 0; shell < 4; shell++)
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{shell}-{i}"), lines.Where(line => line.StartsWith($"{shell}-", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_last_500_lines_are_kept()
    {
        string file = Path.Combine(_folder, "history");
        File.WriteAllLines(file, Enumerable.Range(0, 600).Select(i => $"line {i}"));
        var history = new LineHistory(file);
        Assert.Equal(("line 100", "line 599"), (history.Lines[0], history.Lines[^1]));
        history.Add("last");
        Assert.Equal(["line 101", "last"], [File.ReadLines(file).First(), File.ReadLines(file).Last()]);
        Assert.Equal(500, File.ReadLines(file).Count());
    }

    [Fact]
    public void A_history_that_cannot_be_kept_is_no_reason_not_to_type()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Equal("ring", Typed("ring⏎", new LineHistory(Path.Combine(file, "history"))));
    }

    [Theory]
    [InlineData("ri⇥⏎", "ring ")]
    [InlineData("l⇥⏎", "l")]
    [InlineData("p⇥⏎", "peer")]
    [InlineData("z⇥⏎", "z")]
    [InlineData("help ri⇥--json⏎", "help ring --json")]
    public void Tab_completes_as_far_as_it_is_clear(string keys, string line) => Assert.Equal(line, Typed(keys, new LineHistory(null)));

    [Fact]
    public void Several_choices_are_shown()
    {
        using var screen = new StringWriter();
        Typed("l⇥⏎", new LineHistory(null), screen);
        Assert.Contains("leave  lookup", screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_longer_than_the_screen_stays_on_one_row()
    {
        using var screen = new StringWriter();
        string line = new('x', 300);
        Assert.Equal(line, Typed($"{line}⇤←→⏎", new LineHistory(null), screen));
        Assert.All(screen.ToString().Split('\r'), drawn => Assert.InRange(drawn.Replace("\u001b[K", "", StringComparison.Ordinal).Length, 0, 40));
    }

    private static string? Typed(string keys, LineHistory history, TextWriter? screen = null)
    {
        var left = new Queue<ConsoleKeyInfo>(KeysOf(keys));
        string[] words = ["leave", "lookup", "peer", "peers", "ring"];
        var editor = new LineEditor(
            () => left.TryDequeue(out ConsoleKeyInfo key) ? key : new ConsoleKeyInfo('\u0004', ConsoleKey.D, shift: false, alt: false, control: true),
            screen ?? TextWriter.Null,
            () => 40,
            history,
            before => [.. words.Where(word => word.StartsWith(before[(before.LastIndexOf(' ') + 1)..], StringComparison.Ordinal))]);
        return editor.Read("> ");
    }

    private static IEnumerable<ConsoleKeyInfo> KeysOf(string keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            bool isControl = keys[i] == '^';
            if (isControl)
                i++;
            ConsoleKey key = keys[i] switch
            {
                '⏎' => ConsoleKey.Enter,
                '←' => ConsoleKey.LeftArrow,
                '→' => ConsoleKey.RightArrow,
                '↑' => ConsoleKey.UpArrow,
                '↓' => ConsoleKey.DownArrow,
                '⌫' => ConsoleKey.Backspace,
                '⌦' => ConsoleKey.Delete,
                '⇤' => ConsoleKey.Home,
                '⇥' => ConsoleKey.Tab,
                '⎋' => ConsoleKey.Escape,
                >= 'A' and <= 'Z' when isControl => ConsoleKey.A + (keys[i] - 'A'),
                _ => 0,
            };
            yield return new ConsoleKeyInfo(key == 0 ? keys[i] : '\0', key, shift: false, alt: false, isControl);
        }
    }
}
