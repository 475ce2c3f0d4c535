using System.Text;

namespace ChordAspire.Cli;

/// <summary>
/// A line on a terminal, read key by key: one that is being read as a whole keeps Ctrl+C waiting until it ends, and whoever reads next.
/// </summary>
internal static class TypedLine
{
    /// <summary>What was typed before Enter; null at Ctrl+D.</summary>
    /// <exception cref="OperationCanceledException">Ctrl+C was pressed.</exception>
    /// <param name="prompt">Shown when Ctrl+C is a key already: whoever sees it can answer with that.</param>
    public static string? Read(TextWriter screen, string prompt)
    {
        Console.TreatControlCAsInput = true;
        try
        {
            screen.Write(prompt);
            screen.Flush();
            return ReadKeys(screen);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private static string? ReadKeys(TextWriter screen)
    {
        var text = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            bool isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.C when isControl:
                    screen.WriteLine("^C");
                    throw new OperationCanceledException("Ctrl+C was pressed.");
                case ConsoleKey.D when isControl && text.Length == 0:
                    screen.WriteLine();
                    return null;
                case ConsoleKey.Enter:
                case ConsoleKey.J or ConsoleKey.M when isControl:
                    screen.WriteLine();
                    return text.ToString();
                case ConsoleKey.Backspace when text.Length > 0:
                    text.Length--;
                    screen.Write("\b \b");
                    break;
                case var _ when !char.IsControl(key.KeyChar):
                    text.Append(key.KeyChar);
                    screen.Write(key.KeyChar);
                    break;
                default:
                    break;
            }
        }
    }
}
