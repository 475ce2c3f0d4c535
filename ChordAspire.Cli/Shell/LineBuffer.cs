using System.Text;

namespace ChordAspire.Cli.Shell;

/// <summary>A line that is being typed, and where in it the cursor stands.</summary>
internal sealed class LineBuffer
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    /// <summary>Characters before it.</summary>
    public int Cursor { get; private set; }

    public int Length => _text.Length;

    public void Set(string text)
    {
        _text.Clear().Append(text);
        Cursor = text.Length;
    }

    public void Insert(string text)
    {
        _text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Writes something in the place of what stands before the cursor.</summary>
    public void ReplaceBefore(int characters, string text)
    {
        _text.Remove(Cursor - characters, characters);
        Cursor -= characters;
        Insert(text);
    }

    public void DeleteBefore() => DeleteBefore(Math.Min(1, Cursor));

    public void DeleteAt()
    {
        if (Cursor < Length)
            _text.Remove(Cursor, 1);
    }

    public void DeleteWordBefore() => DeleteBefore(Cursor - WordStart());

    public void DeleteToStart() => DeleteBefore(Cursor);

    public void DeleteToEnd() => _text.Length = Cursor;

    public void Move(int characters) => Cursor = Math.Clamp(Cursor + characters, 0, Length);

    public void MoveToStart() => Cursor = 0;

    public void MoveToEnd() => Cursor = Length;

    public void MoveWordBack() => Cursor = WordStart();

    public void MoveWordOn()
    {
        while (Cursor < Length && char.IsWhiteSpace(_text[Cursor]))
            Cursor++;
        while (Cursor < Length && !char.IsWhiteSpace(_text[Cursor]))
            Cursor++;
    }

    private void DeleteBefore(int characters)
    {
        _text.Remove(Cursor - characters, characters);
        Cursor -= characters;
    }

    private int WordStart()
    {
        int start = Cursor;
        while (start > 0 && char.IsWhiteSpace(_text[start - 1]))
            start--;
        while (start > 0 && !char.IsWhiteSpace(_text[start - 1]))
            start--;
        return start;
    }
}
