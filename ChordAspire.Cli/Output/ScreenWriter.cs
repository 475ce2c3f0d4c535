using System.Text;

namespace ChordAspire.Cli;

/// <summary>A terminal to write to. When it goes away, what is still written is lost: the command has to end in order, and not in the middle of a line.</summary>
internal sealed class ScreenWriter(TextWriter screen) : TextWriter
{
    public override Encoding Encoding => screen.Encoding;

    public override void Write(char value) => Try(() => screen.Write(value));

    public override void Write(string? value) => Try(() => screen.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => screen.Write(buffer, index, count));

    public override void Flush() => Try(screen.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // Nobody is there to see it.
        }
    }
}
