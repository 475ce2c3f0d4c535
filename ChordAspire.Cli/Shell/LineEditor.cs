using System.Text;

namespace ChordAspire.Cli.Shell;

/// <summary>
/// Reads a line from a terminal, with the keys that people know from other shells. Of our own: the libraries that there are for it do not go together
/// with the one that draws our tables, or are no longer kept.
/// </summary>
/// <param name="readKey">The next key that is pressed.</param>
/// <param name="width">Of the terminal, in characters.</param>
/// <param name="complete">What the word before the cursor may become; given the line up to there.</param>
internal sealed class LineEditor(
    Func<ConsoleKeyInfo> readKey, TextWriter screen, Func<int> width, LineHistory history, Func<string, IReadOnlyList<string>> complete)
{
    private readonly LineBuffer _line = new();
    private int _offset;

    /// <summary>The line; null at its end (Ctrl+D in an empty one).</summary>
    public string? Read(string prompt)
    {
        _line.Set("");
        _offset = 0;
        Draw(prompt);
        while (true)
        {
            ConsoleKeyInfo key = readKey();
            switch (Handle(key))
            {
                case Outcome.Entered:
                    _line.MoveToEnd();
                    Draw(prompt);
                    screen.WriteLine();
                    history.Add(_line.Text);
                    return _line.Text;
                case Outcome.Ended:
                    screen.WriteLine();
                    return null;
                case Outcome.GivenUp:
                    screen.WriteLine("^C");
                    _line.Set("");
                    break;
                case Outcome.Cleared:
                    screen.Write("\u001b[H\u001b[2J");
                    break;
                case Outcome.Completing:
                    Complete();
                    break;
                default:
                    break;
            }
            Draw(prompt);
        }
    }

    private enum Outcome
    {
        Editing,
        Entered,
        Ended,
        GivenUp,
        Cleared,
        Completing,
    }

    private Outcome Handle(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
            return HandleControl(key.Key);
        if (key.Modifiers.HasFlag(ConsoleModifiers.Alt))
        {
            if (key.Key == ConsoleKey.B)
                _line.MoveWordBack();
            else if (key.Key == ConsoleKey.F)
                _line.MoveWordOn();
            return Outcome.Editing;
        }
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return Outcome.Entered;
            case ConsoleKey.Tab:
                return Outcome.Completing;
            case ConsoleKey.Backspace:
                _line.DeleteBefore();
                break;
            case ConsoleKey.Delete:
                _line.DeleteAt();
                break;
            case ConsoleKey.LeftArrow:
                _line.Move(-1);
                break;
            case ConsoleKey.RightArrow:
                _line.Move(1);
                break;
            case ConsoleKey.Home:
                _line.MoveToStart();
                break;
            case ConsoleKey.End:
                _line.MoveToEnd();
                break;
            case ConsoleKey.UpArrow when history.Back(_line.Text) is { } before:
                _line.Set(before);
                break;
            case ConsoleKey.DownArrow when history.On() is { } behind:
                _line.Set(behind);
                break;
            case ConsoleKey.Escape:
                _line.Set("");
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                    _line.Insert(key.KeyChar.ToString());
                break;
        }
        return Outcome.Editing;
    }

    private Outcome HandleControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.C:
                return Outcome.GivenUp;
            case ConsoleKey.D when _line.Length == 0:
                return Outcome.Ended;
            case ConsoleKey.D:
                _line.DeleteAt();
                break;
            case ConsoleKey.L:
                return Outcome.Cleared;
            case ConsoleKey.J or ConsoleKey.M:
                return Outcome.Entered;
            case ConsoleKey.I:
                return Outcome.Completing;
            case ConsoleKey.A:
                _line.MoveToStart();
                break;
            case ConsoleKey.E:
                _line.MoveToEnd();
                break;
            case ConsoleKey.B:
                _line.Move(-1);
                break;
            case ConsoleKey.F:
                _line.Move(1);
                break;
            case ConsoleKey.H:
                _line.DeleteBefore();
                break;
            case ConsoleKey.W or ConsoleKey.Backspace:
                _line.DeleteWordBefore();
                break;
            case ConsoleKey.U:
                _line.DeleteToStart();
                break;
            case ConsoleKey.K:
                _line.DeleteToEnd();
                break;
            case ConsoleKey.LeftArrow:
                _line.MoveWordBack();
                break;
            case ConsoleKey.RightArrow:
                _line.MoveWordOn();
                break;
            case ConsoleKey.P when history.Back(_line.Text) is { } before:
                _line.Set(before);
                break;
            case ConsoleKey.N when history.On() is { } behind:
                _line.Set(behind);
                break;
            default:
                break;
        }
        return Outcome.Editing;
    }

    /// <summary>One choice is written; of several what they have in common, or else they are listed.</summary>
    private void Complete()
    {
        string before = _line.Text[.._line.Cursor];
        int word = before.Length - 1 - before.LastIndexOf(' ');
        IReadOnlyList<string> choices = complete(before);
        if (choices.Count == 0)
            return;
        string common = choices.Aggregate(CommonStart);
        if (choices.Count == 1)
            _line.ReplaceBefore(word, $"{common} ");
        else if (common.Length > word)
            _line.ReplaceBefore(word, common);
        else
            screen.Write($"\r\n{string.Join("  ", choices)}\r\n");
    }

    private static string CommonStart(string one, string other)
    {
        int length = 0;
        while (length < one.Length && length < other.Length && one[length] == other[length])
            length++;
        return one[..length];
    }

    /// <summary>On one row: of a line that is longer, the part around the cursor.</summary>
    private void Draw(string prompt)
    {
        int room = Math.Max(10, width() - prompt.Length - 1);
        if (_line.Cursor < _offset)
            _offset = _line.Cursor;
        else if (_line.Cursor - _offset > room)
            _offset = _line.Cursor - room;
        string shown = _line.Text[_offset..Math.Min(_line.Length, _offset + room)];
        var text = new StringBuilder("\r").Append(prompt).Append(shown).Append("\u001b[K\r");
        int column = prompt.Length + _line.Cursor - _offset;
        if (column > 0)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\u001b[{column}C");
        screen.Write(text);
        screen.Flush();
    }
}
